// Calls of each of 24 hours as bars from zero; the numbers themselves are in the row and in the title.
import { formatCount } from '@/data/numbers'

const WIDTH = 132
const HEIGHT = 18

export function HourBars({ hours, color }: Readonly<{ hours: readonly number[]; color: string }>) {
  const most = Math.max(1, ...hours)
  const step = WIDTH / Math.max(1, hours.length)
  const bars = hours
    .map((calls, i) => {
      if (calls === 0) return ''
      const height = Math.max(1.5, (calls / most) * (HEIGHT - 2))
      return `M${(i * step).toFixed(2)} ${HEIGHT - 1}v${-height.toFixed(2)}h${(step - 1.2).toFixed(2)}v${height.toFixed(2)}Z`
    })
    .join('')
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`At most ${formatCount(most)} in an hour`}
    >
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line-strong)" />
      <path d={bars} fill={color} />
    </svg>
  )
}
