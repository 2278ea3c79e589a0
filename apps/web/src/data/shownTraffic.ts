// What is read of a service in the list of the mesh's splits, and of a rule on the service's own page; a row is drawn anew
// only for that. Pure.
import type { Split, TrafficListRow } from '../server/schemas/routeEdits.ts'
import type { TrafficRule } from '../server/schemas/traffic.ts'
import { FEW_CALLS, formatCount, formatSuccess, formatThreeFigures, NBSP } from './numbers.ts'
import { troubledNumber } from './trouble.ts'

/** How a backend does, in words. */
export function backendText({ golden, health }: Pick<Split['backends'][number], 'golden' | 'health'>): string {
  if (golden === null) return 'not known by itself'
  if (golden.requests === 0) return 'no calls'
  if (golden.requests < FEW_CALLS) return `not enough requests yet (n = ${formatCount(golden.requests)})`
  return health.reason ?? `success ${formatSuccess(golden.successRate)}${NBSP}%`
}

export function shownTraffic({ service, owner, rules, golden, health, splits }: TrafficListRow) {
  return {
    names: [service, owner],
    rules,
    state: health.state,
    trouble: troubledNumber(health),
    success: formatSuccess(golden.successRate),
    isFew: golden.requests < FEW_CALLS,
    volume: formatThreeFigures(golden.requestsPerSecond),
    splits: splits.map(({ label, match, moved, backends }) => ({
      names: [label, match],
      moved,
      backends: backends.map((backend) => ({
        names: [backend.name, backend.version],
        weight: backend.weight,
        state: backend.health.state,
        text: backendText(backend),
      })),
    })),
  }
}

export function shownRule({ label, match, winsBy, backends, golden }: TrafficRule) {
  return {
    names: [label, match, winsBy],
    backends: backends.map(({ name, version, weight, percent }) => [name, version, weight, percent]),
    success: formatSuccess(golden.successRate),
    isFew: golden.requests < FEW_CALLS,
    volume: formatThreeFigures(golden.requestsPerSecond),
    p99: formatThreeFigures(golden.latencyMs.p99),
  }
}
