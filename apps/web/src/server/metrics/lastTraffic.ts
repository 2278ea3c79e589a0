// When services were last called, for those that were not called lately.
import { newestEnd } from './range.ts'
import type { MetricsReader } from './reader.ts'

const MINUTE_MS = 60_000
/** As long as minutes are kept. */
const LOOK_BACK_MS = 13 * 24 * 3_600_000

/** End of the last minute with a call, by service; those not called in what is kept are missing. */
export async function lastTraffic(
  metrics: MetricsReader,
  services: readonly string[],
  now: number,
): Promise<Map<string, number>> {
  if (services.length === 0) return new Map()
  const to = newestEnd(now)
  const starts = await metrics.lastCalls(services, to - LOOK_BACK_MS)
  return new Map([...starts].map(([service, start]) => [service, Math.min(start + MINUTE_MS, to)]))
}
