// What is read of a row of a table. A tick moves the numbers behind nearly every row in the fifth figure, and the texts
// that it shows seldom: a row is drawn anew only for those. Pure.
import type { Edge, ServiceRouteRow, ServiceRow } from '../server/schemas/services.ts'
import { carriedText, FEW_CALLS, formatShare, formatSuccess, formatThreeFigures } from './numbers.ts'
import { troubledNumber } from './trouble.ts'

type Latencies = ServiceRow['latencyMs']

const latencyTexts = ({ p50, p95, p99 }: Latencies): string[] => [p50, p95, p99].map(formatThreeFigures)
/** Under so few calls they are counted in the row. */
const few = (requests: number): number | null => (requests < FEW_CALLS ? requests : null)
const isBelow = (successRate: number | null, objective: number): boolean =>
  successRate !== null && successRate < objective

/** Whether the p99 is above the objective. */
export const isSlow = ({ objective, latencyMs: { p99 } }: Pick<ServiceRow, 'objective' | 'latencyMs'>): boolean =>
  objective.latencyP99Ms !== null && p99 !== null && p99 > objective.latencyP99Ms

export function shownService(row: ServiceRow) {
  const {
    health,
    requests,
    lastTrafficAt,
    latencyMs,
    requestsPerSecond,
    bytesPerSecond,
    successRate,
    versions,
    ...rest
  } = row
  return {
    ...rest,
    versions: versions.map(({ version, share, state }) => [version, share === null ? null : formatShare(share), state]),
    state: health.state,
    success: formatSuccess(successRate),
    isBelow: isBelow(successRate, row.objective.successRate),
    isSlow: isSlow(row),
    few: few(requests),
    volume: formatThreeFigures(requestsPerSecond),
    carried: bytesPerSecond === null ? null : carriedText(bytesPerSecond),
    latency: latencyTexts(latencyMs),
    lastTrafficAt: requests === 0 ? lastTrafficAt : null,
  }
}

/** `objective`: percent of calls that should succeed. */
export function shownRoute(row: ServiceRouteRow, objective: number) {
  return {
    names: [row.route, row.match],
    state: row.health.state,
    success: formatSuccess(row.successRate),
    isBelow: isBelow(row.successRate, objective),
    failed: [row.failures, few(row.requests)],
    volume: formatThreeFigures(row.requestsPerSecond),
    latency: latencyTexts(row.latencyMs),
    policy: [row.split, row.retryPolicy, row.timeoutMs],
  }
}

/** What a row says beside its numbers. */
export function shapeOfRoute({ route, match, health, split, retryPolicy, timeoutMs }: ServiceRouteRow) {
  return [route, match, health.state, split, retryPolicy, timeoutMs]
}

export const shapeOfEdge = ({ peer, health }: Edge) => [peer, health.state, troubledNumber(health)]

export function shownEdge({ peer, successRate, requests, health, requestsPerSecond, bytesPerSecond, latencyMs }: Edge) {
  return {
    peer,
    state: health.state,
    trouble: troubledNumber(health),
    success: formatSuccess(successRate),
    isFew: few(requests) !== null,
    volume: formatThreeFigures(requestsPerSecond),
    carried: bytesPerSecond === null ? null : carriedText(bytesPerSecond),
    p99: formatThreeFigures(latencyMs.p99),
  }
}
