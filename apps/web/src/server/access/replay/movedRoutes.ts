// Since when a service's routes match the requests that they match now: labels that were recorded before may be old. Pure.
import type { Change } from '@heddle/shared/api/index'
import { isRouteKind, rulesOf } from '@heddle/shared/resources/anyRoute'
import { routeSchema } from '@heddle/shared/resources/route'

/** What decides which requests a route takes: weights, timeouts and filters do not. */
function matching(route: unknown, service: string): string {
  const parsed = routeSchema.safeParse(route).data
  if (parsed === undefined || !parsed.spec.parentRefs.some(({ name }) => name === service)) return '[]'
  return JSON.stringify(rulesOf(parsed).map(({ name, matches }) => [name, matches ?? []]))
}

/** `changes`: of the service, newest first. Milliseconds since the epoch; null: none of them moved its routes. */
export function routesMovedAt(changes: readonly Change[], service: string): number | null {
  const moved = changes.find(({ items }) =>
    items.some(
      ({ ref, before, after }) => isRouteKind(ref.kind) && matching(before, service) !== matching(after, service),
    ),
  )
  return moved?.at ?? null
}
