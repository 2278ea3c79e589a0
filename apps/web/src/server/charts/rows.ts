// The rows that a chart is made of: the calls of a service, or of one of its routes, as their callers saw them.
import type { Outcomes } from '@heddle/shared/wire/metrics'
import type { At } from '../metrics/liveWindow.ts'
import { readShownEdges, readShownRoutes } from '../metrics/queries.ts'
import type { ReadRange } from '../metrics/range.ts'
import type { MetricsReader } from '../metrics/reader.ts'
import type { DataState } from '../schemas/numbers.ts'

export interface Chart {
  service: string
  /** Only this route. */
  route?: string | undefined
}

/** One bounded query. */
export async function readChart(
  metrics: MetricsReader,
  range: ReadRange,
  { service, route }: Chart,
): Promise<{ rows: At<Outcomes>[]; data: DataState }> {
  const destinations = [service]
  return route === undefined
    ? readShownEdges(metrics, range, { destinations })
    : readShownRoutes(metrics, range, { destinations, routes: [route] })
}
