// One line over five minutes before and after a change, which stands as an eye on its wire; what is to come is shaded.
import { linePath, scaleTo } from '@/data/sparkPath'

interface Props {
  values: readonly (number | null)[]
  stepMs: number
  /** Length of the whole picture in milliseconds. */
  span: number
  /** Where the change is, as a share (0–1) of it. */
  mark: number
  color: string
  floor?: number
  objective?: number
}

const WIDTH = 260
const HEIGHT = 52

export function BeforeAfter({ values, stepMs, span, mark, color, floor, objective }: Readonly<Props>) {
  const drawn = Math.min(1, (values.length * stepMs) / span) * WIDTH
  const y = scaleTo(objective === undefined ? values : [...values, objective, 100], HEIGHT - 10, floor)
  return (
    <div aria-hidden className="relative mt-2 h-[52px]">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden className="block size-full">
        <rect x={drawn} y={10} width={Math.max(0, WIDTH - drawn)} height={HEIGHT - 10} fill="var(--hover)" />
        <g transform="translate(0 10)" fill="none">
          {objective !== undefined && (
            <path
              d={`M0 ${y(objective)}H${WIDTH}`}
              stroke="var(--warn)"
              strokeDasharray="4 3"
              vectorEffect="non-scaling-stroke"
            />
          )}
          <path d={linePath(values, drawn, y)} stroke={color} strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
        </g>
      </svg>
      <span className="absolute inset-y-0 w-px bg-ink" style={{ left: `${mark * 100}%` }} />
      <svg
        viewBox="0 0 8 12"
        width={8}
        height={12}
        aria-hidden
        className="-translate-x-[3.5px] absolute top-0"
        style={{ left: `${mark * 100}%` }}
      >
        <path d="M4 0C6 2 6.8 3.8 6.8 6S6 10 4 12C2 10 1.2 8.2 1.2 6S2 2 4 0Z" fill="var(--text-1)" />
      </svg>
    </div>
  )
}
