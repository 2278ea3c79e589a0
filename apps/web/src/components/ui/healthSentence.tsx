// Health in one sentence with its cause; the first part carries the state.
import type { Health } from '@/server/schemas/numbers'
import { StatusMark, toneOf } from './status'

export function HealthSentence({ health, text }: Readonly<{ health: Health; text: string }>) {
  return (
    <p className="mt-1.5 flex min-h-6 max-w-[880px] gap-2.5 text-16 max-md:text-14">
      <StatusMark state={health.state} className="mt-1.5" />
      <Sentence text={text} tone={toneOf(health.state)} />
    </p>
  )
}

function Sentence({ text, tone }: Readonly<{ text: string; tone: string }>) {
  const end = /[.:;] /.exec(text)?.index
  if (end === undefined) return <span className={tone === '' ? '' : `font-medium ${tone}`}>{text}</span>
  return (
    <span>
      <span className={`font-semibold ${tone}`}>{text.slice(0, end + 1)}</span>
      {text.slice(end + 1)}
    </span>
  )
}
