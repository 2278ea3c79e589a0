// The rows that a chart is made of: the calls of a service, or of one of its routes, as their callers saw them.
import type { Outcomes } from '@heddle/shared/wire/metrics'
import { readShownEdges, readShownRoutes } from '../metrics/queries.ts'
import type { ReadRange } from '../metrics/range.ts'
import type { MetricsReader, Read } from '../metrics/reader.ts'

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
): Promise<Read<Outcomes>> {
  const destinations = [service]
  return route === undefined
    ? readShownEdges(metrics, range, { destinations })
    : readShownRoutes(metrics, range, { destinations, routes: [route] })
}
