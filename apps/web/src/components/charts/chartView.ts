// What the plots of a service or a route draw, from one series: lines, ranges, ticks and the words at their right end. Pure.
import { COMPARED, ghostOf, pastRate } from '@/data/ghost'
import {
  gapsOf,
  largest,
  layersOf,
  niceTop,
  type SparseValues,
  stacked,
  successFloor,
  timesOf,
} from '@/data/goldenChart'
import { formatCount, NBSP, type RateUnit, rateUnit } from '@/data/numbers'
import type { Comparison, Past } from '@/server/schemas/charts'
import type { GoldenSeries, Protocol } from '@/server/schemas/numbers'
import type { Line } from './timeSeries'

/** Failure bars take so much of the success plot; the top of their own scale is marked and labelled. */
const BARS_SHARE = 0.25
const tint = (color: string) => `color-mix(in srgb, ${color} 18%, var(--canvas))`

export interface Label {
  text: string
  /** From 0 (top) to 1. */
  at: number
  tone?: string
}

/** What is compared with: which, and its numbers once they have come. */
export interface Compared {
  with: Comparison
  past: Past | undefined
}

/** Everything that the three plots need. */
export function chartsOf(
  series: GoldenSeries,
  objective: number,
  compared: Compared | null,
  protocol: Protocol = 'http',
) {
  // Nothing is not compared with: a line at zero would say that there was a mesh without traffic.
  const past = (compared?.past?.golden.requests ?? 0) > 0 ? compared?.past : undefined
  const ghost = (values: (from: Past) => readonly (number | null)[]): SparseValues =>
    past === undefined ? [] : ghostOf(series, past, values(past))
  const layers = layersOf(series, protocol)
  const view = {
    times: timesOf(series),
    layers,
    gaps: gapsOf(series.requests),
    success: successPlot(
      series,
      objective,
      ghost(({ series: old }) => old.successRate),
    ),
    volume: volumePlot(layers, ghost(pastRate), rateUnit(protocol)),
    latency: latencyPlot(
      series,
      ghost(({ series: old }) => old.latencyMs.p99),
    ),
  }
  if (compared === null) return view
  const { word } = COMPARED[compared.with]
  return {
    ...view,
    success: withGhostLabel(view.success, word),
    volume: withGhostLabel(view.volume, word),
    latency: withGhostLabel(view.latency, word),
  }
}

export interface PlotView {
  lines: Line[]
  range: readonly [number, number]
  ticks: number[]
  tickText: (value: number) => string
  labels: Label[]
  ghost: SparseValues
}

function successPlot(series: GoldenSeries, objective: number, ghost: SparseValues): PlotView {
  const floor = Math.min(successFloor(series.successRate, objective), successFloor(ghost, objective))
  const most = largest(series.failures)
  const failedTop = niceTop(Math.max(1, most))
  const height = (percent: number) => (100 - percent) / (100 - floor)
  const constant = (value: number) => series.requests.map(() => value)
  const lines: Line[] = [
    { values: series.failures, color: 'var(--c-5xx)', kind: 'bars', top: failedTop / BARS_SHARE },
    { values: constant(objective), color: 'var(--warn)', kind: 'line', dash: [4, 3] },
    ...ghostLine(ghost),
    { values: series.successRate, color: 'var(--c-2xx)', kind: 'line' },
  ]
  // In two lines: the room beside a plot is narrow.
  const labels: Label[] = ['objective', `${objective}${NBSP}%`].map((text) => ({
    at: height(objective),
    text,
    tone: 'text-warn-text',
  }))
  if (most > 0) {
    // Where the bars' scale ends, so that their height can be read.
    const top = floor + (100 - floor) * BARS_SHARE
    lines.unshift({ values: constant(top), color: 'var(--fail-line)', kind: 'line', dash: [1, 3] })
    labels.push({ at: 1 - BARS_SHARE, text: `${shortCount(failedTop)} failed`, tone: 'text-fail-text' })
  }
  return {
    lines,
    range: [floor, 100],
    ticks: [floor, (floor + 100) / 2, 100],
    tickText: (value) => (value === 100 ? `100${NBSP}%` : String(value)),
    labels,
    ghost,
  }
}

function volumePlot(layers: ReturnType<typeof layersOf>, ghost: SparseValues, unit: RateUnit): PlotView {
  const edges = stacked(layers)
  const top = niceTop(largest(edges.at(-1) ?? [], ghost))
  const areas = layers
    .map((layer, i): Line => {
      const color = `var(${layer.color})`
      return { values: edges[i] ?? [], color, kind: 'area', fill: layer.key === 'ok' ? tint(color) : color }
    })
    .reverse()
  return {
    lines: [...areas, ...ghostLine(ghost)],
    range: [0, top],
    ticks: [0, top / 2, top],
    // "conn/s" is wider than the axis, and stands beside the plot.
    tickText: (value) => (value === top && unit === 'rps' ? `${tickNumber(value)}${NBSP}${unit}` : tickNumber(value)),
    labels: [],
    ghost,
  }
}

function latencyPlot({ latencyMs: { p50, p95, p99 } }: GoldenSeries, ghost: SparseValues): PlotView {
  const slowest = largest(p99, ghost)
  // In seconds from where the axis ends: "1,000 ms" is wider than its place.
  const isSeconds = niceTop(slowest) >= 1_000
  const top = isSeconds ? niceTop(slowest / 1_000) * 1_000 : niceTop(slowest)
  return {
    lines: [
      ...ghostLine(ghost),
      { values: p50, color: 'var(--c-p50)', kind: 'line' },
      { values: p95, color: 'var(--c-p95)', kind: 'line' },
      { values: p99, color: 'var(--c-p99)', kind: 'line' },
    ],
    range: [0, top],
    ticks: [0, top / 2, top],
    tickText: (value) => {
      const shown = tickNumber(isSeconds ? value / 1_000 : value)
      return value === top ? `${shown}${NBSP}${isSeconds ? 's' : 'ms'}` : shown
    },
    labels: [
      { text: 'p99', value: lastOf(p99) },
      { text: 'p95', value: lastOf(p95) },
      { text: 'p50', value: lastOf(p50) },
    ].flatMap(({ text, value }) => (value === null ? [] : [{ text, at: 1 - value / top }])),
    ghost,
  }
}

const ghostLine = (values: SparseValues): Line[] =>
  values.length === 0 ? [] : [{ values, color: 'var(--none)', kind: 'line', dash: [3, 3] }]

/** The ghost's name where its line ends. */
function withGhostLabel(plot: PlotView, word: string): PlotView {
  const [foot, top] = plot.range
  const end = lastOf(plot.ghost)
  return end === null
    ? plot
    : { ...plot, labels: [...plot.labels, { text: word, at: (top - end) / (top - foot), tone: 'text-ink-3' }] }
}

const lastOf = (values: SparseValues): number | null => values.findLast((value) => value != null) ?? null

function tickNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(3)))
}

/** The room beside a plot is narrow: "25", "2.5k". */
const shortCount = (count: number): string =>
  count < 1_000 ? String(count) : `${Number((count / 1_000).toPrecision(3))}k`

/** Labels from the top down, no two closer than a line of text. */
export function spread(labels: readonly Label[], height: number): Label[] {
  const least = 15 / height
  const placed: Label[] = []
  for (const label of [...labels].sort((a, b) => a.at - b.at)) {
    const above = placed.at(-1)
    placed.push({ ...label, at: above === undefined ? Math.max(0, label.at) : Math.max(label.at, above.at + least) })
  }
  const over = Math.max(0, (placed.at(-1)?.at ?? 0) - 1)
  return placed.map((label) => ({ ...label, at: label.at - over }))
}
