// The reads that several pages share, each in terms of what is shown: calls once, as their callers saw them.

import type { EdgeFilter, RouteFilter } from '@heddle/db'
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import type { EdgeRow, RouteRow } from '@heddle/shared/wire/metrics'
import type { DataState } from '../schemas/numbers.ts'
import { shownRoutes } from './callersSide.ts'
import type { At } from './liveWindow.ts'
import type { ReadRange } from './range.ts'
import type { MetricsReader, Read, ReadOptions } from './reader.ts'

/** Edges as their callers saw them, and as the server saw them where the caller is outside the mesh. */
export async function readShownEdges(
  metrics: MetricsReader,
  range: ReadRange,
  filter: Omit<EdgeFilter, 'side'> = {},
  options: ReadOptions = {},
): Promise<Read<EdgeRow>> {
  const fromMesh = metrics.edges(range, { ...filter, side: 'outbound' }, options)
  const isAskedFor = filter.sources?.includes(PUBLIC_SOURCE) ?? true
  if (!isAskedFor) return fromMesh
  const fromOutside = metrics.edges(range, { ...filter, sources: [PUBLIC_SOURCE], side: 'inbound' }, options)
  const [inside, outside] = await Promise.all([fromMesh, fromOutside])
  return {
    rows: inside.rows.concat(outside.rows),
    knownFrom: Math.max(inside.knownFrom, outside.knownFrom),
    data: mergeStates([inside.data, outside.data]),
  }
}

/** Routes as their callers saw them; the server's side where nobody in the mesh called the service. */
export async function readShownRoutes(
  metrics: MetricsReader,
  range: ReadRange,
  filter: Omit<RouteFilter, 'side'> = {},
  options: ReadOptions = {},
): Promise<Read<RouteRow> & { all: At<RouteRow>[] }> {
  const read = await metrics.routes(range, filter, options)
  return { ...read, rows: shownRoutes(read.rows), all: read.rows }
}

export function mergeStates(states: readonly DataState[]): DataState {
  const ends = states.flatMap(({ at }) => at ?? [])
  const worst = states.find(({ partial }) => partial)
  return {
    at: ends.length === 0 ? null : Math.max(...ends),
    partial: worst !== undefined,
    reason: worst?.reason ?? null,
  }
}
