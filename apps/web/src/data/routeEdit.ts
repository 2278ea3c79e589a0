// An HTTPRoute with other weights in one of its rules: what the review shows and the command applies. Pure.
import { type HttpRoute, httpRouteSchema } from '@heddle/shared/resources/httpRoute'

/** Null where the text is no HTTPRoute or has no such rule. */
export function withWeights(resource: unknown, rule: string, weights: readonly number[]): HttpRoute | null {
  const parsed = httpRouteSchema.safeParse(resource)
  if (!parsed.success) return null
  const route = parsed.data
  if (!route.spec.rules.some((each) => each.name === rule)) return null
  return {
    ...route,
    spec: {
      ...route.spec,
      rules: route.spec.rules.map((each) =>
        each.name === rule
          ? {
              ...each,
              backendRefs: each.backendRefs?.map((ref, i) => ({ ...ref, weight: weights[i] ?? ref.weight ?? 1 })),
            }
          : each,
      ),
    },
  }
}
