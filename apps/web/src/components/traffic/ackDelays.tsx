// When each proxy took a change: one stroke for each, on an axis from the commit to the last of them.
import { axisEnd } from '@/data/axisEnd'

interface Props {
  /** Milliseconds, ascending. */
  ackMs: readonly number[]
}

const HEIGHT = 26

export function AckDelays({ ackMs }: Readonly<Props>) {
  const last = ackMs.at(-1)
  if (last === undefined) return null
  const end = axisEnd(last)
  return (
    <div aria-hidden className="mt-4">
      <svg
        viewBox={`0 0 100 ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden
        className="block h-[26px] w-full overflow-visible"
      >
        <path
          d={ackMs.map((ms) => `M${((100 * ms) / end).toFixed(2)} ${HEIGHT - 4}v-14`).join('')}
          stroke="var(--accent)"
          strokeWidth={2}
          vectorEffect="non-scaling-stroke"
        />
        <path d={`M0 ${HEIGHT - 0.5}H100`} stroke="var(--line-strong)" vectorEffect="non-scaling-stroke" />
      </svg>
      <div className="flex justify-between pt-1 text-12 text-ink-2 tabular-nums">
        <span>0</span>
        <span>{end < 1_000 ? `${end} ms` : `${end / 1_000} s`}</span>
      </div>
    </div>
  )
}
