// In how much of a range each service, or a version of it, can have been called: what its volume is divided by where many
// of them are listed. See joined.ts for what is young.
import type { Instance } from '@heddle/db'
import type { RouteRow } from '@heddle/shared/wire/metrics'
import { joinedWithin, laterOf } from './joined.ts'
import type { At } from './liveWindow.ts'
import { readShownRoutes } from './queries.ts'
import { type ReadRange, spanOf } from './range.ts'
import type { MetricsReader } from './reader.ts'

export interface Spans {
  /** Milliseconds; the whole range's for what no instance is known of. */
  of(service: string): number
  /** Of calls to any of these versions. */
  ofVersions(service: string, versions: ReadonlySet<string>): number
}

interface SpansInput {
  range: ReadRange
  /** Start of the first data there is (see spanOf). */
  since: number | null
  /** All that are remembered, also those that are gone. */
  instances: readonly Instance[]
}

/** Asks for calls in steps only of those that the registry takes for young: as a rule that is nobody. */
export async function readSpans(metrics: MetricsReader, input: SpansInput): Promise<Spans> {
  const destinations = youngServices(input)
  if (destinations.length === 0) return spansOf(input, [])
  const { rows } = await readShownRoutes(metrics, input.range, { destinations, by: 'version', counts: true })
  return spansOf(input, rows)
}

/** Services of which a version joined within the range, and later than the first data. Pure. */
export function youngServices({ range, since, instances }: SpansInput): string[] {
  if (since === null) return []
  const young = new Set<string>()
  for (const own of Map.groupBy(instances, ({ service, version }) => `${service} ${version}`).values()) {
    const joinedAt = joinedWithin(range, own)
    if (joinedAt !== null && joinedAt > since && own[0] !== undefined) young.add(own[0].service)
  }
  return [...young]
}

/** `calls`: in steps of the range, of the young services. Pure. */
export function spansOf(input: SpansInput, calls: readonly At<RouteRow>[]): Spans {
  const { range, since } = input
  const young = new Set(youngServices(input))
  const instances = Map.groupBy(input.instances, ({ service }) => service)
  const counted = Map.groupBy(calls, ({ destination }) => destination)
  const span = (service: string, isMeant: (version: string) => boolean): number => {
    if (!young.has(service)) return spanOf(range, since)
    const known = (instances.get(service) ?? []).filter(({ version }) => isMeant(version))
    const rows = (counted.get(service) ?? []).filter(({ version }) => isMeant(version))
    return spanOf(range, laterOf(since, joinedWithin(range, known, [{ rows, lengthMs: range.stepMs }])))
  }
  return {
    of: (service) => span(service, () => true),
    ofVersions: (service, versions) => span(service, (version) => versions.has(version)),
  }
}
