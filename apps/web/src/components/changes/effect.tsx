// What became of a change: who has acknowledged it, and how its services did in the ten minutes before and after.

import { DASH, FEW_CALLS, formatCount, formatRate, formatSuccess, NBSP, quantityText } from '@/data/numbers'
import { linePath, scaleTo } from '@/data/sparkPath'
import { lengthText } from '@/data/timeRange'
import type { ChangeEffect } from '@/server/schemas/changeEffects'

type Around = NonNullable<ChangeEffect['around']>
type Props = Readonly<{ effect: ChangeEffect | undefined }>

export function Acknowledged({ effect }: Props) {
  if (effect?.spread == null) return <span className="text-ink-3">{DASH}</span>
  const { acknowledged, holders } = effect.spread
  return (
    <span className={acknowledged < holders ? 'font-medium text-warn-text' : 'text-ink-2'}>
      <span className="sr-only">acknowledged by </span>
      {formatCount(acknowledged)}/{formatCount(holders)}
    </span>
  )
}

/** "99.98 → 99.79": grey where so few were called that it says little. */
export function SuccessAround({ effect }: Props) {
  const around = effect?.around
  if (around == null) return <span className="text-ink-3">{DASH}</span>
  const isFew = around.before.requests < FEW_CALLS || around.after.requests < FEW_CALLS
  return (
    <span className={`whitespace-nowrap ${isFew ? 'text-ink-3' : ''}`}>
      <span className="sr-only">success before and after, percent: </span>
      {formatSuccess(around.before.successRate)} <span className="text-ink-3">→</span>{' '}
      <span className={around.isWorse ? 'font-medium text-warn-text' : ''}>{afterText(around)}</span>
    </span>
  )
}

/** Ten minutes of a change have not gone by before one whole minute has. */
const afterText = ({ after, afterMs }: Around) => (afterMs === 0 ? '…' : formatSuccess(after.successRate))

const WIDTH = 110
const HEIGHT = 20

export function SparkAround({ effect }: Props) {
  const around = effect?.around
  if (around == null) return <span />
  const y = scaleTo(around.successRate, HEIGHT)
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden>
      <path d={`M${WIDTH / 2} 0V${HEIGHT}`} stroke="var(--control)" />
      <path d={linePath(around.successRate, WIDTH, y)} fill="none" stroke="var(--ok)" strokeWidth={1.25} />
    </svg>
  )
}

interface DetailProps {
  effect: ChangeEffect | undefined
  /** What it was about, in a word. */
  target: string
}

export function EffectDetail({ effect, target }: Readonly<DetailProps>) {
  if (effect === undefined || (effect.around === null && effect.spread === null)) return null
  const { around, spread } = effect
  return (
    <section aria-label="What became of it" className="min-w-0">
      {around !== null && (
        <>
          <h4 className="pt-1 pb-2 text-12 text-ink-2">
            <bdi>{target}</bdi>, {lengthText(around.sideMs)} before and after
          </h4>
          <dl className="mb-4 grid max-w-72 grid-cols-[auto_1fr_auto_1fr] gap-x-3 gap-y-1.5">
            <Measure
              name="Success"
              before={`${formatSuccess(around.before.successRate)}${NBSP}%`}
              after={around.afterMs === 0 ? '…' : `${formatSuccess(around.after.successRate)}${NBSP}%`}
              isWorse={around.isWorse}
            />
            <Measure
              name="Failed"
              before={failedText(around.before)}
              after={around.afterMs === 0 ? '…' : failedText(around.after)}
              isWorse={around.isWorse}
            />
            <Measure
              name="Volume"
              before={around.beforeMs === 0 ? DASH : quantityText(formatRate(around.before.requestsPerSecond))}
              after={around.afterMs === 0 ? '…' : quantityText(formatRate(around.after.requestsPerSecond))}
            />
          </dl>
          {shortSides(around).map((text) => (
            <p key={text} className="mb-4 text-12 text-ink-2">
              {text}
            </p>
          ))}
        </>
      )}
      {spread !== null && (
        <>
          <h4 className="pb-1 text-12 text-ink-2">Acknowledged</h4>
          <p>
            {formatCount(spread.acknowledged)} of {formatCount(spread.holders)} proxies
            {spread.lastAckMs !== null && ` in ${(spread.lastAckMs / 1_000).toFixed(1)}${NBSP}s`}
          </p>
        </>
      )}
    </section>
  )
}

/** Where less than the whole of a side is known. */
function shortSides({ sideMs, beforeMs, afterMs }: Around): string[] {
  return [
    ...(beforeMs === 0 ? ['No whole minute before it was recorded.'] : []),
    ...(beforeMs > 0 && beforeMs < sideMs ? [`Before it: the ${lengthText(beforeMs)} recorded until then.`] : []),
    ...(afterMs === 0 ? ['The first whole minute after it has not gone by yet.'] : []),
    ...(afterMs > 0 && afterMs < sideMs ? [`After it: the first ${lengthText(afterMs)}.`] : []),
  ]
}

const failedText = ({ failures, requests }: Around['before']) => `${formatCount(failures)} of ${formatCount(requests)}`

interface MeasureProps {
  name: string
  before: string
  after: string
  isWorse?: boolean
}

function Measure({ name, before, after, isWorse = false }: Readonly<MeasureProps>) {
  return (
    <>
      <dt className="text-ink-2">{name}</dt>
      <dd className="contents">
        <span className="text-right text-ink-2">{before}</span>
        <span className="text-ink-3">→</span>
        <span className={`font-medium ${isWorse ? 'text-warn-text' : ''}`}>{after}</span>
      </dd>
    </>
  )
}
