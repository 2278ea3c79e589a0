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
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
      className="mt-2 block h-[52px] w-full"
    >
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
      <path
        d={`M${mark * WIDTH} 6V${HEIGHT}`}
        stroke="var(--text-1)"
        strokeWidth={1}
        vectorEffect="non-scaling-stroke"
      />
      <ellipse cx={mark * WIDTH} cy={5} rx={3} ry={5} fill="var(--text-1)" />
    </svg>
  )
}
