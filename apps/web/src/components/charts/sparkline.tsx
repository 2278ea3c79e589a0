// Small lines without axes, as SVG: one value per step, gaps stay gaps.
import { memo } from 'react'
import { isSame } from '@/data/isSame'
import { linePath, scaleTo } from '@/data/sparkPath'
import type { VolumeSpark as VolumeSparkValues } from '@/server/schemas/numbers'

interface LineProps {
  values: readonly (number | null)[]
  color: string
  width?: number
  height?: number
  /** Lowest value of the scale; without it the line fills its height. */
  floor?: number
  className?: string
}

export function Sparkline({ values, color, width = 130, height = 20, floor, className = '' }: Readonly<LineProps>) {
  const scale = scaleTo(values, height, floor)
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden
      className={className}
      width={width}
      height={height}
    >
      <path
        d={linePath(values, width, scale)}
        fill="none"
        stroke={color}
        strokeWidth={1.25}
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}

interface VolumeProps {
  /** null: no call at all. */
  spark: VolumeSparkValues | null
  className?: string
}

/** Full height of a failure bar: this share of calls failed. */
const FULL_BAR = 10
const WIDTH = 134
const HEIGHT = 18

const SILENT: VolumeSparkValues = { requestsPerSecond: [0, 0], troubled: [] }

/** Volume from zero, and a bar for each step that fell below the objective. A row's numbers move more often than its line. */
export const VolumeSpark = memo(function VolumeSpark({ spark, className }: Readonly<VolumeProps>) {
  const { requestsPerSecond, troubled } = spark ?? SILENT
  const scale = scaleTo(requestsPerSecond, HEIGHT - 3, 0)
  const stepWidth = WIDTH / Math.max(1, requestsPerSecond.length)
  const bars = troubled
    .map(({ step, successRate }) => {
      const height = Math.max(2, Math.min(1, (100 - successRate) / FULL_BAR) * HEIGHT)
      return `M${step * stepWidth} ${HEIGHT}v${-height}h${Math.max(1.4, stepWidth - 0.6)}v${height}Z`
    })
    .join('')
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden
      className={className}
    >
      <rect width={WIDTH} height={HEIGHT} fill="var(--hover)" />
      <g transform="translate(0 3)">
        <path
          d={linePath(requestsPerSecond, WIDTH, scale)}
          fill="none"
          stroke="var(--control)"
          strokeWidth={1.1}
          vectorEffect="non-scaling-stroke"
        />
      </g>
      <path d={bars} fill="var(--fail)" />
    </svg>
  )
}, isSame)
