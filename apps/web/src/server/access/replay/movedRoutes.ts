// Whether a service's routes match other requests than they did at some moment, so that recorded labels may be old. Pure.
import type { Change } from '@heddle/shared/api/index'
import { type HttpRoute, httpRouteSchema } from '@heddle/shared/resources/httpRoute'

/** What decides which requests a route takes: weights, timeouts and filters do not. */
function matching(route: unknown, service: string): string {
  const parsed: HttpRoute | undefined = httpRouteSchema.safeParse(route).data
  if (parsed === undefined || !parsed.spec.parentRefs.some(({ name }) => name === service)) return '[]'
  return JSON.stringify(parsed.spec.rules.map(({ name, matches }) => [name, matches ?? []]))
}

/** `changes`: of the service, newest first. */
export function hasMovedRoutes(changes: readonly Change[], service: string, since: number): boolean {
  return changes.some(
    ({ at, items }) =>
      at >= since &&
      items.some(
        ({ ref, before, after }) => ref.kind === 'HTTPRoute' && matching(before, service) !== matching(after, service),
      ),
  )
}
