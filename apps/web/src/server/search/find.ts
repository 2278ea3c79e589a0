// search.find: names are matched on the mesh that is in memory already, changes on the newest hundred; what comes back
// is bounded, so that a thousand services are no burden to a browser.
import { rank } from '../../data/fuzzy.ts'
import { changeMarks } from '../changes/marks.ts'
import type { Console } from '../console.ts'
import type { Mesh } from '../meshCache.ts'
import { MOST_FOUND, type SearchFindOutput } from '../schemas/search.ts'
import { ownerOf } from '../services/facts.ts'
import { winningOrder } from '../traffic/winningOrder.ts'
import { matchInWords, ruleInWords } from '../traffic/words.ts'

const CHANGES_SEARCHED = 100

export async function find(console: Console, query: string): Promise<SearchFindOutput> {
  const [mesh, changes] = await Promise.all([
    console.mesh.current(),
    console.pulse.readOr(() => changeMarks(console.db, { limit: CHANGES_SEARCHED }), []),
  ])
  // Nothing typed yet: routes and rules would be any.
  const isEmpty = query.trim() === ''
  return {
    services: findServices(mesh, query),
    routes: isEmpty ? [] : findRoutes(mesh, query),
    rules: isEmpty ? [] : findRules(mesh, query),
    changes: rank(query, changes, ({ summary, actor }) => `${summary} ${actor}`, isEmpty ? 3 : MOST_FOUND),
  }
}

function findServices(mesh: Mesh, query: string): SearchFindOutput['services'] {
  const all = [...mesh.services.values()].map(({ resource }) => ({
    service: resource.metadata.name,
    owner: ownerOf(resource),
  }))
  const byName = rank(query, all, ({ service }) => service, MOST_FOUND)
  // By owner too, after those that are called so.
  const byOwner = rank(query, all, ({ service, owner }) => `${service} ${owner ?? ''}`, MOST_FOUND)
  return [...new Set([...byName, ...byOwner])].slice(0, MOST_FOUND)
}

type FoundRoute = SearchFindOutput['routes'][number]

/** Ordering the routes of a thousand services is done once for a revision, not once for a key. */
const routesOfMesh = new WeakMap<Mesh, FoundRoute[]>()

function allRoutes(mesh: Mesh): FoundRoute[] {
  const known = routesOfMesh.get(mesh)
  if (known !== undefined) return known
  const all = [...mesh.routesOf.keys()].flatMap((service) => {
    const own = winningOrder(mesh, service).map(
      ({ wire, candidate }) => [wire.label, matchInWords(candidate.match)] as const,
    )
    return [...Map.groupBy(own, ([route]) => route)].map(([route, matches]) => ({
      service,
      route,
      match: matches.map(([, words]) => words).join(' or '),
    }))
  })
  routesOfMesh.set(mesh, all)
  return all
}

function findRoutes(mesh: Mesh, query: string): FoundRoute[] {
  return rank(query, allRoutes(mesh), ({ service, route, match }) => `${match} ${route} ${service}`, MOST_FOUND)
}

function findRules(mesh: Mesh, query: string): SearchFindOutput['rules'] {
  const all = [...mesh.rules.values()].map(({ resource }) => ({
    rule: resource.metadata.name,
    words: ruleInWords(resource),
  }))
  return rank(query, all, ({ rule, words }) => `${rule} ${words}`, MOST_FOUND)
}
