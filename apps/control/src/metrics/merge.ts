// Adding rows of metrics: the one operation that everything in this folder is made of.
import { mergeHistograms } from '@heddle/shared/histogram'
import { type EdgeRow, type Outcomes, RETRY_SKIPPED, type RouteRow, type RuleRow } from '@heddle/shared/wire/metrics'

const COUNTS = [
  'requests',
  'ok',
  'clientError',
  'serverError',
  'denied',
  'limited',
  'cancelled',
  'recovered',
  'retriesMade',
  'bytesIn',
  'bytesOut',
] as const satisfies (keyof Outcomes)[]

/** The sum of two rows of one series, with the labels of the first. Neither is changed. */
export function addOutcomes<Row extends Outcomes>(a: Row, b: Outcomes): Row {
  const sum = { ...a, meshErrors: { ...a.meshErrors }, retriesSkipped: { ...a.retriesSkipped } }
  for (const count of COUNTS) sum[count] = a[count] + b[count]
  for (const [code, n] of Object.entries(b.meshErrors)) sum.meshErrors[code] = (sum.meshErrors[code] ?? 0) + n
  for (const reason of RETRY_SKIPPED) {
    const n = b.retriesSkipped[reason]
    if (n !== undefined) sum.retriesSkipped[reason] = (sum.retriesSkipped[reason] ?? 0) + n
  }
  sum.latency = mergeHistograms([a.latency, b.latency]).toSparse()
  return sum
}

/** Label values cannot contain NUL: Postgres refuses it, and so does ingest. */
const key = (...labels: string[]): string => labels.join('\0')

export const routeKey = (row: RouteRow): string => key('route', row.side, row.destination, row.version, row.route)
export const edgeKey = (row: EdgeRow): string => key('edge', row.side, row.source, row.destination)
export const ruleKey = (row: RuleRow): string => key('rule', row.rule, row.source, row.verdict)
