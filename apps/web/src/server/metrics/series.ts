// Rows of many buckets, reshaped into one value per step for charts and sparklines. Pure.
import type { Outcomes } from '@heddle/shared/wire/metrics'
import type { GoldenSeries, Sparkline, VolumeSpark } from '../schemas/numbers.ts'
import { type ReadRange, wholeSteps } from './range.ts'
import { floorPercent, roundTo } from './rounding.ts'
import { failuresOf, successRate, Totals } from './totals.ts'

/** A line of 18 pixels. */
const SPARK_FIGURES = 3
/** A line whose newest value may be said beside it. */
const LINE_FIGURES = 4
/** A chart whose every value can be read to three figures, which are then not rounded twice. */
const CHART_FIGURES = 5

export type Timed = Outcomes & { at: number }

/** One Totals for each whole step; undefined where no row came. */
function totalsBySteps(rows: Iterable<Timed>, range: ReadRange): (Totals | undefined)[] {
  const steps: (Totals | undefined)[] = new Array(wholeSteps(range)).fill(undefined)
  for (const row of rows) {
    const step = Math.floor((row.at - range.from) / range.stepMs)
    if (step < 0 || step >= steps.length) continue
    let totals = steps[step]
    if (totals === undefined) {
      totals = new Totals()
      steps[step] = totals
    }
    totals.add(row)
  }
  return steps
}

const knowing =
  ({ from, stepMs }: ReadRange, knownFrom: number) =>
  (step: number): boolean =>
    from + (step + 1) * stepMs > knownFrom

/** `knownFrom`: steps that end before it are gaps, since nobody was there to count; later silence means zero. */
export function goldenSeries(rows: Iterable<Timed>, range: ReadRange, knownFrom = range.from): GoldenSeries {
  const steps = totalsBySteps(rows, range)
  const seconds = range.stepMs / 1_000
  const isKnown = knowing(range, knownFrom)
  const zero = (step: number) => (isKnown(step) ? 0 : null)
  const values = (read: (totals: Totals) => number | null) => steps.map((t, i) => (t === undefined ? zero(i) : read(t)))
  const measured = (read: (totals: Totals) => number | null) =>
    steps.map((totals) => (totals === undefined ? null : read(totals)))
  const rates = (read: (totals: Totals) => number) => values((totals) => roundTo(read(totals) / seconds, CHART_FIGURES))
  const latencies = (q: number) => measured((totals) => roundTo(totals.latencyMs(q), CHART_FIGURES))
  return {
    from: range.from,
    stepMs: range.stepMs,
    requests: values((totals) => totals.requests),
    failures: values((totals) => totals.failures),
    successRate: measured((totals) => floorPercent(totals.successRate)),
    volume: {
      ok: rates((totals) => totals.ok),
      clientError: rates((totals) => totals.clientError),
      serverError: rates((totals) => totals.serverError),
      meshError: rates((totals) => totals.meshError),
      denied: rates((totals) => totals.denied),
      limited: rates((totals) => totals.limited),
      cancelled: rates((totals) => totals.cancelled),
    },
    latencyMs: { p50: latencies(0.5), p95: latencies(0.95), p99: latencies(0.99) },
  }
}

/** `knownFrom` as in `goldenSeries`. */
export function sparkline(rows: Iterable<Timed>, range: ReadRange, knownFrom = range.from): Sparkline {
  const steps = totalsBySteps(rows, range)
  const seconds = range.stepMs / 1_000
  const isKnown = knowing(range, knownFrom)
  return {
    from: range.from,
    stepMs: range.stepMs,
    requestsPerSecond: steps.map((totals, i) =>
      totals === undefined && !isKnown(i) ? null : roundTo((totals?.requests ?? 0) / seconds, LINE_FIGURES),
    ),
    successRate: steps.map((totals) => floorPercent(totals?.successRate ?? null)),
    failures: steps.map((totals) => totals?.failures ?? 0),
    p99Ms: steps.map((totals) => roundTo(totals?.latencyMs(0.99) ?? null, LINE_FIGURES)),
  }
}

interface Counts {
  requests: number[]
  cancelled: number[]
  failures: number[]
}

/** Sparklines of many series at once, by key. Without latency: a thousand rows of histograms are not worth a thumbnail. */
export function sparklinesBy<Row extends Timed>(
  rows: Iterable<Row>,
  range: ReadRange,
  keyOf: (row: Row) => string | null,
  knownFrom = range.from,
): Map<string, Sparkline> {
  const length = wholeSteps(range)
  const zeros = () => new Array<number>(length).fill(0)
  const groups = new Map<string, Counts>()
  for (const row of rows) {
    const step = Math.floor((row.at - range.from) / range.stepMs)
    const key = step < 0 || step >= length ? null : keyOf(row)
    if (key === null) continue
    let counts = groups.get(key)
    if (counts === undefined) {
      counts = { requests: zeros(), cancelled: zeros(), failures: zeros() }
      groups.set(key, counts)
    }
    counts.requests[step] = (counts.requests[step] ?? 0) + row.requests
    counts.cancelled[step] = (counts.cancelled[step] ?? 0) + row.cancelled
    counts.failures[step] = (counts.failures[step] ?? 0) + failuresOf(row)
  }
  const lines = new Map<string, Sparkline>()
  for (const [key, counts] of groups) lines.set(key, countedSparkline(counts, range, knowing(range, knownFrom)))
  return lines
}

function countedSparkline(
  { requests, cancelled, failures }: Counts,
  range: ReadRange,
  isKnown: (step: number) => boolean,
): Sparkline {
  return {
    from: range.from,
    stepMs: range.stepMs,
    requestsPerSecond: requests.map((count, i) => (count === 0 && !isKnown(i) ? null : count / (range.stepMs / 1_000))),
    successRate: requests.map((count, i) => successRate(count, cancelled[i] ?? 0, failures[i] ?? 0)),
    failures,
    p99Ms: [],
  }
}

/** One failure says nothing: a bar stands for two or more. */
const FEWEST_FAILURES = 2

/** `objective`: percent of calls that should succeed. */
export function volumeSpark(spark: Sparkline, objective: number): VolumeSpark {
  return {
    requestsPerSecond: spark.requestsPerSecond.map((rate) => (rate === null ? null : roundTo(rate, SPARK_FIGURES))),
    troubled: spark.successRate.flatMap((rate, step) =>
      rate !== null && rate < objective && (spark.failures[step] ?? 0) >= FEWEST_FAILURES
        ? [{ step, successRate: floorPercent(rate) }]
        : [],
    ),
  }
}
