// When a service was last called, for those that were not called lately. Hours first, then the minutes of that hour.
import type { EdgeRow } from '@heddle/shared/wire/metrics'
import type { At } from './liveWindow.ts'
import { readShownEdges } from './queries.ts'
import { newestEnd } from './range.ts'
import type { MetricsReader } from './reader.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** As long as minutes are kept. */
const LOOK_BACK_MS = 13 * 24 * HOUR_MS
/** More than that are told by the hour: a thousand idle services are a thousand questions. */
const MOST_REFINED = 20

/** End of the last minute (or hour) with a call, by service; those never called are missing. */
export async function lastTraffic(
  metrics: MetricsReader,
  services: readonly string[],
  now: number,
): Promise<Map<string, number>> {
  if (services.length === 0) return new Map()
  const to = newestEnd(now)
  const from = Math.floor((to - LOOK_BACK_MS) / HOUR_MS) * HOUR_MS
  const hours = await readShownEdges(metrics, { from, to, stepMs: HOUR_MS }, { destinations: services })
  const last = latestBy(hours.rows, HOUR_MS, to)
  await Promise.all(
    [...last].slice(0, MOST_REFINED).map(async ([service, end]) => {
      const hour = Math.floor((end - 1) / HOUR_MS) * HOUR_MS
      const minutes = { from: hour, to: Math.min(to, hour + HOUR_MS), stepMs: MINUTE_MS }
      const { rows } = await readShownEdges(metrics, minutes, { destinations: [service] })
      const minute = latestBy(rows, MINUTE_MS, to).get(service)
      if (minute !== undefined) last.set(service, minute)
    }),
  )
  return last
}

function latestBy(rows: readonly At<EdgeRow>[], stepMs: number, to: number): Map<string, number> {
  const last = new Map<string, number>()
  for (const { destination, at, requests } of rows) {
    const end = Math.min(at + stepMs, to)
    if (requests > 0 && end > (last.get(destination) ?? 0)) last.set(destination, end)
  }
  return last
}
