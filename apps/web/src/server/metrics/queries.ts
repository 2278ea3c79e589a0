// The reads that several pages share, each in terms of what is shown: calls once, as their callers saw them.

import type { EdgeFilter, RouteFilter } from '@heddle/db'
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import type { EdgeRow, RouteRow } from '@heddle/shared/wire/metrics'
import type { DataState } from '../schemas/numbers.ts'
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

export interface ShownRoutes extends Read<RouteRow> {
  /** Services that nobody in the mesh called, so that their rows are the server's. */
  onServer: ReadonlySet<string>
}

/**
 * Routes as their callers saw them; the server's side where nobody in the mesh called the service. `services`: all that
 * are asked about. Both sides tell of the same calls: the server's is read of those alone that it has to stand in for.
 */
export async function readShownRoutes(
  metrics: MetricsReader,
  range: ReadRange,
  filter: Omit<RouteFilter, 'side'>,
  options: ReadOptions = {},
  services: readonly string[] | undefined = filter.destinations,
): Promise<ShownRoutes> {
  const seen = await metrics.routes(range, { ...filter, side: 'outbound' }, options)
  const called = new Set(seen.rows.map(({ destination }) => destination))
  const uncalled = services?.filter((service) => !called.has(service))
  if (uncalled?.length === 0) return { ...seen, onServer: new Set() }
  const destinations = uncalled === undefined ? {} : { destinations: uncalled }
  const served = await metrics.routes(range, { ...filter, ...destinations, side: 'inbound' }, options)
  const standIns = served.rows.filter(({ destination }) => !called.has(destination))
  return {
    rows: seen.rows.concat(standIns),
    knownFrom: Math.max(seen.knownFrom, served.knownFrom),
    data: mergeStates([seen.data, served.data]),
    onServer: new Set(standIns.map(({ destination }) => destination)),
  }
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
