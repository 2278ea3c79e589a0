// What the three plots of a service draw, from one series: lines, ranges, ticks and the words at their right end. Pure.
import type { Line } from '@/components/charts/timeSeries'
import { gapsOf, largest, layersOf, niceTop, stacked, successFloor, timesOf } from '@/data/goldenChart'
import { formatCount, NBSP } from '@/data/numbers'
import type { GoldenSeries } from '@/server/schemas/numbers'

/** Height of one plot in pixels, the air above and below it included. */
export const PLOT_HEIGHT = 126
const tint = (color: string) => `color-mix(in srgb, ${color} 18%, var(--canvas))`

/** Everything that the three plots need, from one series. */
export function chartsOf(series: GoldenSeries, objective: number) {
  const times = timesOf(series)
  const layers = layersOf(series)
  const edges = stacked(layers)
  const floor = successFloor(series.successRate, objective)
  const failedTop = Math.max(2, largest(series.failures)) * 4
  const volumeTop = niceTop(largest(edges.at(-1) ?? []))
  const slowest = largest(series.latencyMs.p99)
  const isSeconds = slowest >= 1_000
  const latencyTop = isSeconds ? niceTop(slowest / 1_000) * 1_000 : niceTop(slowest)
  const constant = times.map(() => objective)
  const success: Line[] = [
    { values: series.failures, color: 'var(--c-5xx)', kind: 'bars', top: failedTop },
    { values: constant, color: 'var(--warn)', kind: 'line', dash: [4, 3] },
    { values: series.successRate, color: 'var(--c-2xx)', kind: 'line' },
  ]
  const volume: Line[] = layers
    .map((layer, i): Line => {
      const color = `var(${layer.color})`
      return { values: edges[i] ?? [], color, kind: 'area', fill: layer.key === 'ok' ? tint(color) : color }
    })
    .reverse()
  const { p50, p95, p99 } = series.latencyMs
  const atEnd = (values: readonly (number | null)[]) => values.findLast((value) => value !== null) ?? null
  return {
    times,
    layers,
    gaps: gapsOf(series.requests),
    successAt: (percent: number) => (100 - percent) / (100 - floor),
    success: {
      lines: success,
      range: [floor, 100] as const,
      ticks: [floor, (floor + 100) / 2, 100],
      tickText: (value: number) => (value === 100 ? `100${NBSP}%` : String(value)),
    },
    volume: {
      lines: volume,
      range: [0, volumeTop] as const,
      ticks: [0, volumeTop / 2, volumeTop],
      tickText: (value: number) => (value === volumeTop ? `${tickNumber(value)}${NBSP}rps` : tickNumber(value)),
    },
    latency: {
      lines: [
        { values: p50, color: 'var(--c-p50)', kind: 'line' },
        { values: p95, color: 'var(--c-p95)', kind: 'line' },
        { values: p99, color: 'var(--c-p99)', kind: 'line' },
      ] satisfies Line[],
      range: [0, latencyTop] as const,
      ticks: [0, latencyTop / 2, latencyTop],
      tickText: (value: number) => {
        const shown = tickNumber(isSeconds ? value / 1_000 : value)
        return value === latencyTop ? `${shown}${NBSP}${isSeconds ? 's' : 'ms'}` : shown
      },
    },
    latencyLabels: spread(
      [
        { text: 'p99', value: atEnd(p99) },
        { text: 'p95', value: atEnd(p95) },
        { text: 'p50', value: atEnd(p50) },
      ].flatMap(({ text, value }) => (value === null ? [] : [{ text, at: 1 - value / latencyTop }])),
    ),
  }
}

function tickNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(3)))
}

/** Labels from the top down, no two closer than a line of text. */
function spread(labels: { text: string; at: number }[]): { text: string; at: number }[] {
  const least = 15 / PLOT_HEIGHT
  const placed: { text: string; at: number }[] = []
  for (const label of labels) {
    const above = placed.at(-1)
    placed.push({ ...label, at: above === undefined ? label.at : Math.max(label.at, above.at + least) })
  }
  const over = Math.max(0, (placed.at(-1)?.at ?? 0) - 1)
  return placed.map((label) => ({ ...label, at: label.at - over }))
}
