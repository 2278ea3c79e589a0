// The map as a graph that can be looked at: services, or owners where there are too many services, and the calls between
// them. Sums are made of rows, so that percentiles come from merged histograms. Pure.
import { EGRESS_DESTINATION, PUBLIC_SOURCE } from '@heddle/shared/names'
import type { EdgeRow } from '@heddle/shared/wire/metrics'
import { roundGolden } from '../metrics/rounding.ts'
import { Totals } from '../metrics/totals.ts'
import type { MapEdge, MapGetOutput, MapNode } from '../schemas/map.ts'
import type { Health } from '../schemas/numbers.ts'
import { HEALTHY, IDLE, judge, type Objective, severity } from '../services/health.ts'

/** Beyond this many services a picture of each is no picture. */
export const MOST_SERVICES = 100
/** Drawn at once, whatever is expanded; the rest of a group stays in it. */
export const MOST_NODES = 220
/** More threads than these nobody follows; of a thousand services they carry nearly every call. */
export const MOST_EDGES = 300
const MOST_NEIGHBOURS = 80
const QUIET_NAMED = 20

export interface MapService {
  name: string
  owner: string | null
  isTcp: boolean
  health: Health
  objective: Objective
}

export interface GraphInput {
  services: readonly MapService[]
  /** Shown rows over the range, and over its last 15 minutes. */
  rows: readonly EdgeRow[]
  recent: readonly EdgeRow[]
  /** Milliseconds in which the service of this name can have been called. */
  spanMsOf: (target: string) => number
  focus?: string | undefined
  expanded: readonly string[]
}

export interface Graph {
  isGrouped: boolean
  nodes: MapNode[]
  edges: MapEdge[]
  all: MapGetOutput['all']
  quiet: { count: number; names: string[] }
  edgesLeftOut: number
}

/** One edge between two services, before it is folded. */
interface Pair {
  source: string
  target: string
  rows: EdgeRow[]
  requests: number
  health: Health
}

export const groupId = (owner: string | null): string => `owner:${owner ?? ''}`
const isTroubled = ({ state }: Health): boolean => state === 'failing' || state === 'degraded'
const isOutside = (name: string): boolean => name === PUBLIC_SOURCE || name === EGRESS_DESTINATION

export function graphOf({ services, rows, recent, spanMsOf, focus, expanded }: GraphInput): Graph {
  const byName = new Map(services.map((service) => [service.name, service]))
  const pairs = pairsOf(rows, recent, byName)
  const busy = new Set(pairs.flatMap(({ source, target }) => [source, target]))
  const carded = services.filter(({ name }) => busy.has(name))
  const quiet = services.filter(({ name }) => !busy.has(name)).map(({ name }) => name)
  const isGrouped = services.length > MOST_SERVICES
  const shown = isGrouped && focus !== undefined ? neighbourhood(pairs, focus) : pairs
  const nodeOf = isGrouped && focus === undefined ? folding(carded, pairs, expanded) : (name: string) => name
  const edges = edgesOf(shown, byName, nodeOf, spanMsOf)
  return {
    isGrouped,
    nodes: nodesOf(shown, byName, nodeOf, spanMsOf),
    edges: edges.slice(0, MOST_EDGES),
    all: {
      services: services.length,
      carded: { services: carded.length, troubled: carded.filter(({ health }) => isTroubled(health)).length },
      edges: pairs.length,
      troubled: pairs.filter(({ health }) => isTroubled(health)).length,
    },
    quiet: { count: quiet.length, names: quiet.sort().slice(0, QUIET_NAMED) },
    edgesLeftOut: Math.max(0, edges.length - MOST_EDGES),
  }
}

const DEFAULT_OBJECTIVE: Objective = { successRate: 99, latencyP99Ms: null }

function pairsOf(
  rows: readonly EdgeRow[],
  recent: readonly EdgeRow[],
  services: ReadonlyMap<string, MapService>,
): Pair[] {
  const keyOf = ({ source, destination }: EdgeRow) => `${source} ${destination}`
  const recently = Map.groupBy(recent, keyOf)
  const isKnown = (name: string) => isOutside(name) || services.has(name)
  return [...Map.groupBy(rows, keyOf)].flatMap(([key, own]) => {
    const [first] = own
    // A service that is gone, or a name that never was one, is nothing to look at.
    if (first === undefined || !isKnown(first.source) || !isKnown(first.destination)) return []
    const { source, destination: target } = first
    const lately = recently.get(key)?.reduce((sum, row) => sum.add(row), new Totals())
    const health = judge(lately, services.get(target)?.objective ?? DEFAULT_OBJECTIVE)
    return { source, target, rows: own, requests: own.reduce((sum, row) => sum + row.requests, 0), health }
  })
}

/** Edges that touch the service: those in trouble first, then the busiest. */
function neighbourhood(pairs: readonly Pair[], focus: string): Pair[] {
  return pairs
    .filter(({ source, target }) => source === focus || target === focus)
    .sort((a, b) => severity(b.health.state) - severity(a.health.state) || b.requests - a.requests)
    .slice(0, MOST_NEIGHBOURS)
}

/** Where each service is shown: by itself if its owner is expanded and there is room, else in its owner's group. */
function folding(
  services: readonly MapService[],
  pairs: readonly Pair[],
  expanded: readonly string[],
): (name: string) => string {
  const calls = new Map<string, number>()
  for (const { target, requests } of pairs) calls.set(target, (calls.get(target) ?? 0) + requests)
  const groups = [...Map.groupBy(services, ({ owner }) => groupId(owner))]
  const busiest = (members: readonly MapService[]) => members.reduce((sum, { name }) => sum + (calls.get(name) ?? 0), 0)
  groups.sort(([a, x], [b, y]) => busiest(y) - busiest(x) || (a < b ? -1 : 1))
  const where = new Map<string, string>()
  let room = MOST_NODES - Math.min(groups.length, MOST_NODES)
  for (const [index, [id, members]] of groups.entries()) {
    const isOpen = expanded.some((owner) => groupId(owner) === id)
    const ranked = members.toSorted(
      (a, b) =>
        severity(b.health.state) - severity(a.health.state) || (calls.get(b.name) ?? 0) - (calls.get(a.name) ?? 0),
    )
    for (const { name } of ranked) {
      if (isOpen && room > 0) {
        where.set(name, name)
        room--
      } else where.set(name, index < MOST_NODES ? id : REST)
    }
  }
  return (name) => where.get(name) ?? name
}

/** Owners beyond those that can be drawn. */
const REST = 'owner:…'

function edgesOf(
  pairs: readonly Pair[],
  services: ReadonlyMap<string, MapService>,
  nodeOf: (name: string) => string,
  spanMsOf: GraphInput['spanMsOf'],
): MapEdge[] {
  const folded = Map.groupBy(pairs, ({ source, target }) => `${nodeOf(source)} ${nodeOf(target)}`)
  return [...folded.values()]
    .flatMap((parts): MapEdge[] => {
      const [first] = parts
      if (first === undefined) return []
      const [source, target] = [nodeOf(first.source), nodeOf(first.target)]
      // Calls within a group are the group's own.
      if (source === target) return []
      return [
        {
          source,
          target,
          edges: parts.length,
          isMutualTls: !isOutside(source) && !isOutside(target),
          health: worst(parts.map(({ health }) => health)),
          ...numbersOf(parts, services, spanMsOf),
        },
      ]
    })
    .sort((a, b) => severity(b.health.state) - severity(a.health.state) || b.golden.requests - a.golden.requests)
}

function nodesOf(
  pairs: readonly Pair[],
  services: ReadonlyMap<string, MapService>,
  nodeOf: (name: string) => string,
  spanMsOf: GraphInput['spanMsOf'],
): MapNode[] {
  const names = new Set(pairs.flatMap(({ source, target }) => [source, target]))
  const incoming = Map.groupBy(pairs, ({ target }) => nodeOf(target))
  return [...Map.groupBy(names, nodeOf)]
    .map(([id, members]): MapNode => {
      const own = members.flatMap((name) => services.get(name) ?? [])
      const [only] = members
      const isGroup = id.startsWith('owner:')
      return {
        id,
        kind: isGroup
          ? 'group'
          : only === PUBLIC_SOURCE
            ? 'public'
            : only === EGRESS_DESTINATION
              ? 'egress'
              : 'service',
        owner: id === REST ? null : (own[0]?.owner ?? null),
        services: own.length,
        attention: own.filter(({ health }) => isTroubled(health)).length,
        health: own.length === 0 ? HEALTHY : worst(own.map(({ health }) => health)),
        ...numbersOf(incoming.get(id) ?? [], services, spanMsOf),
      }
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

function worst(states: readonly Health[]): Health {
  return states.reduce((a, b) => (severity(b.state) > severity(a.state) ? b : a), IDLE)
}

function numbersOf(
  pairs: readonly Pair[],
  services: ReadonlyMap<string, MapService>,
  spanMsOf: GraphInput['spanMsOf'],
): Pick<MapEdge, 'golden' | 'bytesPerSecond'> {
  const totals = new Totals()
  const perSecond = { requests: 0, to: 0, from: 0 }
  // A group's members are not of the same age: their rates add up, their calls over one time do not.
  for (const [target, own] of Map.groupBy(pairs, (pair) => pair.target)) {
    const part = new Totals()
    for (const row of own.flatMap(({ rows }) => rows)) {
      part.add(row)
      totals.add(row)
    }
    const spanMs = spanMsOf(target)
    const bytes = part.bytesPerSecond(spanMs)
    perSecond.requests += part.requestsPerSecond(spanMs)
    perSecond.to += bytes.to
    perSecond.from += bytes.from
  }
  // Connections and requests together are calls of neither kind.
  const isTcp = pairs.length > 0 && pairs.every(({ target }) => services.get(target)?.isTcp === true)
  return {
    golden: roundGolden({ ...totals.golden(0), requestsPerSecond: perSecond.requests }),
    bytesPerSecond: isTcp ? { to: perSecond.to, from: perSecond.from } : null,
  }
}
