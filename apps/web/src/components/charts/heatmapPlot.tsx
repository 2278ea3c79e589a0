// Every call by time and latency: cells in shades of one hue, on the cursor and the axis of the charts above.
'use client'
import { useMemo } from 'react'
import type uPlot from 'uplot'
import { columnAt, columnText, latencyEnds, latencyTick, latencyTicks, SHADES, shadeOf } from '@/data/heatmapView'
import { formatCount } from '@/data/numbers'
import { lengthText } from '@/data/timeRange'
import type { Heatmap } from '@/server/schemas/charts'
import { resolveColor } from './colors'
import { Plot, Reading } from './plot'
import { TimeSeries } from './timeSeries'

export const HEATMAP_HEIGHT = 216

type Shared = Omit<Parameters<typeof TimeSeries>[0], 'lines' | 'height' | 'range' | 'ticks' | 'tickText' | 'paint'>

export function HeatmapPlot({ heatmap, ...shared }: Readonly<Shared & { heatmap: Heatmap }>) {
  const view = useMemo(() => {
    const range = latencyEnds(heatmap)
    return { range, ticks: latencyTicks(range), paint: (chart: uPlot) => paintCells(chart, heatmap) }
  }, [heatmap])
  return (
    <Plot height={HEATMAP_HEIGHT} labels={[]}>
      <TimeSeries {...shared} {...view} lines={NO_LINES} height={HEATMAP_HEIGHT} tickText={latencyTick} />
    </Plot>
  )
}

const NO_LINES = [] as const

function paintCells(chart: uPlot, { from, stepMs, boundsMs, columns, most }: Heatmap): void {
  const { ctx, bbox } = chart
  const shades = Array.from({ length: SHADES }, (_, i) => resolveColor(`var(--h-${i})`))
  const heights = boundsMs.map((bound) => Math.round(chart.valToPos(Math.log10(bound), 'y', true)))
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const [i, counts] of columns.entries()) {
    const begin = (from + i * stepMs) / 1_000
    const left = Math.round(chart.valToPos(begin, 'x', true))
    const right = Math.round(chart.valToPos(begin + stepMs / 1_000, 'x', true))
    for (const [row, count] of counts.entries()) {
      const shade = shadeOf(count, most)
      const [foot, top] = [heights[row], heights[row + 1]]
      if (shade === null || foot === undefined || top === undefined) continue
      ctx.fillStyle = shades[shade] ?? 'transparent'
      ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, foot - top))
    }
  }
  ctx.restore()
}

export function HeatmapReading({ heatmap }: Readonly<{ heatmap: Heatmap }>) {
  return (
    <Reading name="Latency, every call" height={HEATMAP_HEIGHT}>
      calls per {lengthText(heatmap.stepMs)}
      {heatmap.most > 0 && (
        <span className="mt-1 flex items-center gap-1.5">
          1
          <span aria-hidden className="flex overflow-hidden rounded-[2px]">
            {Array.from({ length: SHADES }, (_, i) => `var(--h-${i})`).map((color) => (
              <span key={color} className="h-2.5 w-2" style={{ background: color }} />
            ))}
          </span>
          {formatCount(heatmap.most)}
        </span>
      )}
    </Reading>
  )
}

/** The column under the cursor, in words. */
export function heatmapText(heatmap: Heatmap, at: number): string | null {
  const column = columnAt(heatmap, at)
  return column === null ? null : `${lengthText(heatmap.stepMs)} of the heatmap: ${columnText(heatmap, column)}`
}
