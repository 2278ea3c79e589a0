// From the golden series of the API to what the three charts draw: stacks, ranges, ticks, gaps, marks. Pure.
import type { ChangeMark, GoldenSeries, Protocol } from '../server/schemas/numbers.ts'

export type Values = readonly (number | null)[]
/** Of a line that may have longer steps than the chart: undefined between two of its values. */
export type SparseValues = readonly (number | null | undefined)[]

/** Seconds since the epoch of each step's begin, as uPlot wants them. */
export function timesOf(series: Pick<GoldenSeries, 'from' | 'stepMs' | 'requests'>): number[] {
  return series.requests.map((_, i) => (series.from + i * series.stepMs) / 1_000)
}

export interface Layer {
  key: 'ok' | 'clientError' | 'serverError' | 'meshError' | 'cancelled'
  label: string
  color: string
  /** Calls per second. */
  values: (number | null)[]
}

const CONNECTION_LABELS: Readonly<Record<Layer['key'], string>> = {
  ok: 'taken',
  clientError: 'refused',
  serverError: 'failed',
  meshError: 'broken',
  cancelled: 'cancelled',
}

/** Volume by outcome, from the foot up. Refusals of the mesh (denied, limited) are answers of the 400 kind. */
export function layersOf({ volume }: Pick<GoldenSeries, 'volume'>, protocol: Protocol = 'http'): Layer[] {
  const refused = volume.clientError.map((value, i) => add(add(value, volume.denied[i]), volume.limited[i]))
  const layers: Layer[] = [
    { key: 'ok', label: '2xx, 3xx', color: '--c-2xx', values: [...volume.ok] },
    { key: 'clientError', label: '4xx', color: '--c-4xx', values: refused },
    { key: 'serverError', label: '5xx', color: '--c-5xx', values: [...volume.serverError] },
    { key: 'meshError', label: 'mesh', color: '--c-mesh', values: [...volume.meshError] },
    { key: 'cancelled', label: 'cancelled', color: '--c-cancel', values: [...volume.cancelled] },
  ]
  // What never happened in the range needs no place in the legend; the first three are always there. A connection has no
  // status: it was taken, refused by a rule or a limit, or it broke.
  const isTcp = protocol === 'tcp'
  return layers
    .map((layer) => (isTcp ? { ...layer, label: CONNECTION_LABELS[layer.key] } : layer))
    .filter((layer, i) => i < (isTcp ? 1 : 3) || layer.values.some((value) => value !== null && value > 0))
}

function add(a: number | null, b: number | null | undefined): number | null {
  if (b === null || b === undefined) return a
  return a === null ? b : a + b
}

/** Each layer's upper edge: itself and all below it. A step without data stays a gap in all of them. */
export function stacked(layers: readonly Layer[]): (number | null)[][] {
  let below: (number | null)[] | null = null
  return layers.map(({ values }) => {
    const edge: (number | null)[] = values.map((value, i) => (below === null ? value : add(below[i] ?? null, value)))
    below = edge
    return edge
  })
}

const FLOORS = [99, 98, 95, 90, 75, 50, 0] as const

/** The success axis: 100 at the top, and at the foot the first round percentage below everything drawn, the objective included. */
export function successFloor(values: SparseValues, objective: number): number {
  const lowest = Math.min(objective, ...values.filter((value) => value != null))
  return FLOORS.find((floor) => floor < lowest) ?? 0
}

const NICE = [1, 2, 2.5, 5, 10] as const

/** A round top for an axis from zero that holds `most`, with two equal halves. */
export function niceTop(most: number): number {
  if (!(most > 0)) return 1
  const magnitude = 10 ** Math.floor(Math.log10(most))
  return (NICE.find((step) => step * magnitude >= most) ?? 10) * magnitude
}

/** Largest of several rows, gaps left out; 0 where there is nothing. */
export function largest(...rows: SparseValues[]): number {
  return Math.max(0, ...rows.flatMap((row) => row.filter((value) => value != null)))
}

/** Runs of steps without data, as shares (0–1) of the width. The end of the last step is the end of the chart. */
export function gapsOf(values: Values): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = []
  const width = Math.max(1, values.length - 1)
  let begin: number | null = null
  for (let i = 0; i <= values.length; i++) {
    const isGap = i < values.length && values[i] === null
    if (isGap && begin === null) begin = i
    if (!isGap && begin !== null) {
      // From the last point before to the first one after: between these nothing is known.
      gaps.push({ from: Math.max(0, begin - 1) / width, to: Math.min(width, i) / width })
      begin = null
    }
  }
  return gaps
}

export interface MarkGroup {
  /** Where it begins and ends, as shares (0–1) of the width. */
  at: number
  until: number
  marks: ChangeMark[]
}

export interface PlotSpan {
  from: number
  to: number
  until: number
}

/** What a plot of the series spans: its first and last points are the begins of steps. */
export function plotSpan({ from, stepMs, requests }: Pick<GoldenSeries, 'from' | 'stepMs' | 'requests'>): PlotSpan {
  const to = from + Math.max(0, requests.length - 1) * stepMs
  return { from, to, until: from + requests.length * stepMs }
}

/** Marks closer than this are drawn as one. */
export const WIRE_PIXELS = 6
/** What one presses is at least this wide (WCAG 2.2, 2.5.8). */
export const TARGET_PIXELS = 24

/**
 * Changes as marks on the lane; those closer than `least` pixels become one. `from` and `to` are the ends of the plot,
 * the begins of its first and last step, in milliseconds since the epoch; what happened within the last step, before
 * `until`, stands at the right end. `width` in pixels.
 */
export function markGroups(
  marks: readonly ChangeMark[],
  { from, to, until }: PlotSpan,
  width: number,
  least: number,
): MarkGroup[] {
  const groups: MarkGroup[] = []
  const span = Math.max(1, to - from)
  for (const mark of [...marks].filter(({ at }) => at >= from && at <= until).sort((a, b) => a.at - b.at)) {
    const at = Math.min(1, (mark.at - from) / span)
    const last = groups.at(-1)
    if (last !== undefined && (at - last.until) * width < least) {
      last.marks.push(mark)
      last.until = at
    } else groups.push({ at, until: at, marks: [mark] })
  }
  return groups
}
