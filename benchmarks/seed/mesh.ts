// The mesh that is made up: which services there are, how often each is called, by whom, on which routes and versions.
// Pure, and the same for the same seed. A few services carry nearly all of the traffic, as everywhere.
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import { seededRandom } from '@heddle/testkit/random'
import { fallingShares, pickShare, type Random, seedOf, shuffled } from './draw.ts'

export interface MadeRoute {
  /** `<HTTPRoute>/<rule>`, or `default`. */
  label: string
  share: number
  method: string
  path: string
  /** Milliseconds; half of the calls are faster. */
  medianMs: number
  /** Of the latencies' logarithm: how long the tail is. */
  spread: number
}

export interface MadeService {
  name: string
  owner: string
  /** From 1, the service that is called most. */
  rank: number
  /** At the busiest hour of a day. */
  callsPerSecond: number
  versions: { version: string; share: number }[]
  routes: MadeRoute[]
  callers: { source: string; share: number }[]
  /** Share of calls that fail, in ordinary times. */
  failing: number
  /** An access rule names the callers. */
  isGuarded: boolean
  instances: number
}

const DOMAINS = (
  'account address audit basket billing campaign catalog claim contract coupon customer delivery device document ' +
  'export fraud gift identity import inventory invoice ledger loyalty media message notice offer order partner payment ' +
  'price product profile quote refund report review search session shipment stock store subscription supplier tax'
).split(' ')
const ROLES = (
  'api admin batch cache catalogue checker cleaner events feed gateway graph history index jobs loader lookup mailer ' +
  'model planner queue reader relay rules scheduler scorer store stream sync view writer worker'
).split(' ')
const THINGS = 'items entries drafts states views lists totals limits events links notes parts terms files keys'.split(
  ' ',
)
const METHODS = ['GET', 'GET', 'GET', 'POST', 'GET', 'PUT', 'GET', 'DELETE'] as const

/** Calls per second to the busiest service, and how steeply the others fall behind it. */
const MOST_PER_SECOND = 120
const STEEPNESS = 2.05
/** So many of the busiest are called from outside the mesh as well. */
const PUBLIC_SERVICES = 8
const VERSIONED_SHARE = 0.08
const GUARDED_SHARE = 0.3
const TROUBLED_SHARE = 0.02

export interface MeshSize {
  services: number
  proxies: number
  routes: number
}

/** By rank, the busiest first. */
export function makeMesh({ services, proxies, routes }: MeshSize, seed: number): MadeService[] {
  const random = seededRandom(seedOf(seed, 1))
  const names = shuffled(random, serviceNames(services))
  const made = names.map((name, i): MadeService => {
    const rank = i + 1
    return {
      name,
      owner: `${name.split('-')[0]}-team`,
      rank,
      callsPerSecond: MOST_PER_SECOND / rank ** STEEPNESS,
      versions: versionsOf(random, rank),
      routes: routesOf(random, name, rank === 1 ? routes : ordinaryRoutes(random, rank)),
      callers: [],
      failing: random() < TROUBLED_SHARE ? 0.01 + 0.03 * random() : 0.0002 + 0.0008 * random(),
      // Who is called from outside the mesh is open to all.
      isGuarded: random() < GUARDED_SHARE && rank > PUBLIC_SERVICES,
      instances: 1,
    }
  })
  for (const service of made) service.callers = callersOf(random, service, made)
  giveInstances(made, proxies - services)
  return made
}

function serviceNames(count: number): string[] {
  const names: string[] = []
  for (let round = 0; names.length < count; round++)
    for (const role of ROLES)
      for (const domain of DOMAINS)
        if (names.length < count) names.push(round === 0 ? `${domain}-${role}` : `${domain}-${role}-${round + 1}`)
  return names
}

function versionsOf(random: Random, rank: number): MadeService['versions'] {
  // The busiest one is in the middle of a release, so that there is a split to look at.
  if (rank > 1 && random() > VERSIONED_SHARE) return [{ version: 'v1', share: 1 }]
  return [
    { version: 'v1', share: 0.9 },
    { version: 'v2', share: 0.1 },
  ]
}

function ordinaryRoutes(random: Random, rank: number): number {
  if (rank <= 20) return 4 + Math.floor(random() * 8)
  return random() < 0.4 ? 1 + Math.floor(random() * 3) : 0
}

/** Rules of one HTTPRoute at most, as people keep them apart. */
export const RULES_OF_A_ROUTE = 10

function routesOf(random: Random, service: string, count: number): MadeRoute[] {
  const medianMs = 2 * Math.exp(random() * 4)
  const shaped = (label: string, share: number, method: string, path: string): MadeRoute => ({
    label,
    share,
    method,
    path,
    medianMs: medianMs * (0.5 + random()),
    spread: 0.3 + 0.5 * random(),
  })
  if (count === 0) return [shaped('default', 1, 'GET', '/')]
  return fallingShares(count, 1.3).map((share, i) => {
    const thing = `${THINGS[i % THINGS.length]}${i < THINGS.length ? '' : Math.floor(i / THINGS.length) + 1}`
    const httpRoute = i < RULES_OF_A_ROUTE ? service : `${service}-${Math.floor(i / RULES_OF_A_ROUTE) + 1}`
    return shaped(`${httpRoute}/${thing}`, share, METHODS[i % METHODS.length] ?? 'GET', `/${thing}`)
  })
}

/** Mostly callers that are busy themselves: traffic comes from where traffic is. */
function callersOf(random: Random, service: MadeService, all: readonly MadeService[]): MadeService['callers'] {
  const wanted = service.rank === 1 ? 8 : 1 + Math.floor(random() * 4)
  const sources = new Set<string>()
  if (service.rank <= PUBLIC_SERVICES) sources.add(PUBLIC_SOURCE)
  const likely = all.slice(0, Math.max(20, Math.min(all.length, service.rank * 2)))
  for (let tries = 0; sources.size < wanted && tries < 100; tries++) {
    const caller = likely[Math.floor(likely.length * random() ** 2)]
    if (caller !== undefined && caller !== service) sources.add(caller.name)
  }
  const shares = fallingShares(sources.size, 1)
  return [...sources].map((source, i) => ({ source, share: shares[i] ?? 0 }))
}

/** One each, and what is left to the busy. */
function giveInstances(services: readonly MadeService[], more: number): void {
  const shares = fallingShares(Math.min(services.length, 200), 0.6)
  const random = seededRandom(more)
  for (let left = more; left > 0; left--) {
    const service = services[pickShare(random, shares)]
    if (service !== undefined) service.instances++
  }
}

/** Ids of a service's instances by version; every version has one at least. */
export function instancesOf(service: MadeService): { instance: string; version: string; isExtra: boolean }[] {
  const count = Math.max(service.instances, service.versions.length)
  return Array.from({ length: count }, (_, i) => {
    const { version = 'v1' } = service.versions[i % 4 === 1 ? service.versions.length - 1 : 0] ?? {}
    return { instance: `${service.name}-${version}-${i + 1}-seed`, version, isExtra: i > 0 }
  })
}
