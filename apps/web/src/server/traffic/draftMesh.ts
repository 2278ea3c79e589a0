// The mesh as it would be with a route that is not stored yet: its rules have the names that saving will give them. Pure.
import { nameRules } from '@heddle/db/changes/ruleNames'
import type { Route } from '@heddle/shared/resources/anyRoute'
import type { Mesh, Stored } from '../meshCache.ts'

/** `now`: milliseconds since the epoch, for a route that there is none of yet. */
export function withDraft(mesh: Mesh, service: string, draft: Route, now: number): Mesh {
  const own = mesh.routesOf.get(service) ?? []
  const { name } = draft.metadata
  const old = mesh.routes.get(name)
  const resource = nameRules(draft, old?.resource ?? null)
  const stored: Stored<Route> =
    old === undefined ? { resource, version: 0, revision: 0, createdAt: now } : { ...old, resource }
  const others = own.filter((route) => route.resource.metadata.name !== name)
  return { ...mesh, routesOf: new Map([...mesh.routesOf, [service, [...others, stored]]]) }
}
