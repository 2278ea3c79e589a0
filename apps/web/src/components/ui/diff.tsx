// A diff of two texts: a sign, a colour and a word for each line.
import type { ReactNode } from 'react'
import { type DiffLine, diffLines, withContext } from '@/data/lineDiff'

const LOOK: Record<DiffLine['kind'], string> = {
  same: 'text-ink',
  removed: 'bg-fail-tint text-fail-text',
  added: 'bg-ok-tint text-ok-text',
  skipped: 'text-ink-3',
}
const SIGN: Record<DiffLine['kind'], string> = { same: ' ', removed: '−', added: '+', skipped: ' ' }
const WORD: Partial<Record<DiffLine['kind'], string>> = { removed: 'removed: ', added: 'added: ' }

export function Diff({ before, after }: Readonly<{ before: string; after: string }>) {
  const lines = withContext(diffLines(before, after)).map((line, place) => ({ ...line, place }))
  return (
    <CodeBox label="Difference">
      {lines.map((line) => (
        <span key={line.place} className={`flex min-w-max whitespace-pre px-2.5 ${LOOK[line.kind]}`}>
          <span aria-hidden className="w-6 shrink-0">
            {SIGN[line.kind]}
          </span>
          {WORD[line.kind] !== undefined && <span className="sr-only">{WORD[line.kind]}</span>}
          {line.text}
        </span>
      ))}
    </CodeBox>
  )
}

export function CodeBox({ label, children }: Readonly<{ label: string; children: ReactNode }>) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-2 border border-line-strong bg-canvas py-1 font-mono text-12 leading-5"
    >
      {children}
    </section>
  )
}
