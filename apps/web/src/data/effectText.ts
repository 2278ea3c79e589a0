// What a change did to a rule's calls, in a sentence: success first, then the latency where it is another. Pure.
import { FEW_CALLS, formatLatency, quantityText } from './numbers.ts'

export interface Side {
  requests: number
  /** Percent; null without calls. */
  successRate: number | null
  latencyMs: { p99: number | null }
}

/** Success that moved by less stayed. Points. */
const STAYED = 0.1
/** A p99 that moved by less is what percentiles do by themselves. */
const SLOWER = 1.2

export function effectText(before: Side, after: Side): string {
  if (before.successRate === null || after.successRate === null) return 'No calls to compare yet.'
  // Of fewer calls one failure is a point and more, and the 99th percentile is the slowest call.
  if (before.requests < FEW_CALLS || after.requests < FEW_CALLS) return 'Not enough calls yet to compare.'
  const success = successText(after.successRate - before.successRate)
  const latency = latencyText(before.latencyMs.p99, after.latencyMs.p99)
  return latency === null ? `${success}.` : `${success}; ${latency}.`
}

function successText(points: number): string {
  if (Math.abs(points) < STAYED) return 'Success stayed'
  return `Success ${points < 0 ? 'fell' : 'rose'} by ${Math.abs(points).toFixed(2)} points`
}

function latencyText(was: number | null, is: number | null): string | null {
  if (was === null || is === null) return null
  const words = is > was * SLOWER ? 'rose' : is * SLOWER < was ? 'fell' : null
  if (words === null) return null
  const [from, to] = [formatLatency(was), formatLatency(is)]
  return `p99 ${words} from ${from.unit === to.unit ? from.text : quantityText(from)} to ${quantityText(to)}`
}
