// What several workers say of themselves, as one proxy would. Pure.
import type { Ejection } from '../control/ejectionReport.ts'
import type { Usage } from '../telemetry/usage.ts'

/** Of an instance that several leave alone, the longest. */
export function latestEjections(lists: readonly (readonly Ejection[])[]): Ejection[] {
  const until = new Map<string, number>()
  for (const { instance, untilMs } of lists.flat()) until.set(instance, Math.max(untilMs, until.get(instance) ?? 0))
  return Array.from(until, ([instance, untilMs]) => ({ instance, untilMs }))
}

export function sumOfUsage(first: Usage, others: readonly Usage[]): Usage {
  return others.reduce(
    (sum, one) => ({
      cpuSeconds: sum.cpuSeconds + one.cpuSeconds,
      residentBytes: sum.residentBytes + one.residentBytes,
      heapUsedBytes: sum.heapUsedBytes + one.heapUsedBytes,
      openFds: sum.openFds === null || one.openFds === null ? null : sum.openFds + one.openFds,
    }),
    first,
  )
}
