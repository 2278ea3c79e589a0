// search.find: names are matched on the mesh that is in memory already, changes on the newest hundred; what comes back
// is bounded, so that a thousand services are no burden to a browser.
import { rankChanges, rankRoutes, rankRules, rankServices } from '../../data/searched.ts'
import { changeMarks } from '../changes/marks.ts'
import type { Console } from '../console.ts'
import type { Mesh } from '../meshCache.ts'
import type { SearchFindOutput } from '../schemas/search.ts'
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
    routes: isEmpty ? [] : rankRoutes(query, allRoutes(mesh)),
    rules: isEmpty ? [] : findRules(mesh, query),
    changes: rankChanges(query, changes, isEmpty ? 3 : undefined),
  }
}

function findServices(mesh: Mesh, query: string): SearchFindOutput['services'] {
  const all = [...mesh.services.values()].map(({ resource }) => ({
    service: resource.metadata.name,
    owner: ownerOf(resource),
  }))
  return rankServices(query, all)
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

function findRules(mesh: Mesh, query: string): SearchFindOutput['rules'] {
  const all = [...mesh.rules.values()].map(({ resource }) => ({
    rule: resource.metadata.name,
    words: ruleInWords(resource),
  }))
  return rankRules(query, all)
}
