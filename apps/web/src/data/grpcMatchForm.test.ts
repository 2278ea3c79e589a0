import { canonicalForm } from '@heddle/db/changes/canonicalForm'
import { type GrpcRoute, grpcRouteSchema } from '@heddle/shared/resources/grpcRoute'
import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { ruleFormIn, ruleOfForm } from './routeForm.ts'

/** Random valid routes with everything that a GRPCRoute can say of its calls; filters are those of an HTTPRoute. */
function randomRoute(random: () => number): GrpcRoute {
  /** One of them or, as for each field that may be absent, none. */
  const some = <T>(items: readonly T[]) => (random() < 0.25 ? undefined : pickOne(random, items))
  const headers = [
    { name: 'X-Tenant', value: 'acme' },
    { type: 'RegularExpression', name: 'x-re', value: '^v[0-9]+$' },
  ]
  const match = () => ({
    method: some([
      { service: 'shop.v1.Catalog' },
      { method: 'GetProduct' },
      { type: 'Exact', service: '.shop.v1.Catalog', method: 'GetProduct' },
      { type: 'RegularExpression', method: 'Get.*|List.*' },
      { type: 'RegularExpression', service: 'shop\\.(v1|v2)\\..*', method: '.*' },
    ]),
    headers: some([headers.slice(0, 1), headers]),
  })
  const rule = (place: number) => ({
    name: some([`rule-${place}`]),
    matches: some([[match()], [match(), match(), match()]]),
    filters: some([
      [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'X-B', value: '' }] } }],
      [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'catalog-v2' }, fraction: { numerator: 1 } } }],
    ]),
    backendRefs: some([
      [
        { name: 'catalog-v1', weight: 0 },
        { kind: 'Service', name: 'not-there', port: 80 },
      ],
    ]),
  })
  const route = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: 'any' },
    spec: { parentRefs: [{ kind: 'Service', name: 'catalog' }], rules: [rule(0), rule(1), rule(2)] },
  }
  return grpcRouteSchema.parse(JSON.parse(JSON.stringify(route)))
}

// Whatever was applied as YAML opens in the editor and is saved from it as the same resource, field by field.
test('random GRPCRoutes survive the form', () => {
  const random = seededRandom(20_261_130)
  for (let n = 0; n < 200; n++) {
    const route = randomRoute(random)
    const rules = route.spec.rules.map((_, place) => {
      const form = ruleFormIn(route, place)
      return form === null ? expect.unreachable('the route has this rule') : ruleOfForm(form)
    })
    const through = grpcRouteSchema.parse({ ...route, spec: { ...route.spec, rules } })
    expect(through).toEqual(route)
    expect(canonicalForm(through)).toEqual(canonicalForm(route))
  }
})
