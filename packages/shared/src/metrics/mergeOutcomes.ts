// Adding rows of metrics: the one operation that live views, rollups and queries are made of. Pure.
import { mergeHistograms } from '../histogram.ts'
import { type EdgeRow, type Outcomes, RETRY_SKIPPED, type RouteRow, type RuleRow } from '../wire/metrics.ts'

type Counts = { [Key in keyof Outcomes]: Outcomes[Key] extends number ? Key : never }[keyof Outcomes]

/** Every counter of an outcome. A record first, so that one which is missing here does not compile. */
const COUNTS: Readonly<Record<Counts, true>> = {
  requests: true,
  ok: true,
  clientError: true,
  serverError: true,
  denied: true,
  limited: true,
  cancelled: true,
  recovered: true,
  retriesMade: true,
  bytesIn: true,
  bytesOut: true,
}
const COUNT_NAMES = Object.keys(COUNTS) as readonly Counts[]

/** The sum of two rows of one series, with the labels of the first. Neither is changed. */
export function addOutcomes<Row extends Outcomes>(a: Row, b: Outcomes): Row {
  const sum = { ...a, meshErrors: { ...a.meshErrors }, retriesSkipped: { ...a.retriesSkipped } }
  const into: Outcomes = sum
  for (const count of COUNT_NAMES) into[count] = a[count] + b[count]
  for (const [code, n] of Object.entries(b.meshErrors)) sum.meshErrors[code] = (sum.meshErrors[code] ?? 0) + n
  for (const reason of RETRY_SKIPPED) {
    const n = b.retriesSkipped[reason]
    if (n !== undefined) sum.retriesSkipped[reason] = (sum.retriesSkipped[reason] ?? 0) + n
  }
  sum.latency = mergeHistograms([a.latency, b.latency]).toSparse()
  return sum
}

export const addRuleHits = (a: RuleRow, b: RuleRow): RuleRow => ({ ...a, hits: a.hits + b.hits })

/** Labels hold no NUL: the wire's schema refuses it. */
const key = (...labels: string[]): string => labels.join('\0')

/** What makes two rows rows of one series. */
export const routeKey = (row: RouteRow): string => key('route', row.side, row.destination, row.version, row.route)
export const edgeKey = (row: EdgeRow): string => key('edge', row.side, row.source, row.destination)
export const ruleKey = (row: RuleRow): string => key('rule', row.rule, row.source, row.verdict)
