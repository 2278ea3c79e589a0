// Which of what the palette can find answers what somebody typed. Pure; the server asks it of the whole mesh, the browser of
// the answer before while the next one is under way.
import { MOST_FOUND, type SearchFindOutput } from '../server/schemas/search.ts'
import { rank } from './fuzzy.ts'

type Found<Kind extends keyof SearchFindOutput> = SearchFindOutput[Kind][number]

export function rankServices(query: string, all: readonly Found<'services'>[]): Found<'services'>[] {
  const byName = rank(query, all, ({ service }) => service, MOST_FOUND)
  // By owner too, after those that are called so.
  const byOwner = rank(query, all, ({ service, owner }) => `${service} ${owner ?? ''}`, MOST_FOUND)
  return [...new Set([...byName, ...byOwner])].slice(0, MOST_FOUND)
}

export function rankRoutes(query: string, all: readonly Found<'routes'>[]): Found<'routes'>[] {
  return rank(query, all, ({ service, route, match }) => `${match} ${route} ${service}`, MOST_FOUND)
}

export function rankRules(query: string, all: readonly Found<'rules'>[]): Found<'rules'>[] {
  return rank(query, all, ({ rule, words }) => `${rule} ${words}`, MOST_FOUND)
}

export function rankChanges(query: string, all: readonly Found<'changes'>[], most = MOST_FOUND): Found<'changes'>[] {
  return rank(query, all, ({ summary, actor }) => `${summary} ${actor}`, most)
}

/** What of an answer to another query answers this one too, the best first. */
export function narrowed(query: string, found: SearchFindOutput): SearchFindOutput {
  return {
    services: rankServices(query, found.services),
    routes: rankRoutes(query, found.routes),
    rules: rankRules(query, found.rules),
    changes: rankChanges(query, found.changes),
  }
}
