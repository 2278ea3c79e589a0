import { canonicalForm } from '@heddle/db/changes/canonicalForm'
import { sameMeaning } from '@heddle/db/changes/sameMeaning'
import { HTTP_METHODS, type HttpRoute, httpRouteSchema, routeRuleSchema } from '@heddle/shared/resources/httpRoute'
import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { newRuleForm, ruleFormOf, ruleOfForm } from './routeForm.ts'

/** Random valid routes with everything that the Gateway API's subset of ours can say. */
function randomRoute(random: () => number): HttpRoute {
  const chance = (share: number) => random() < share
  const pick = <T>(items: readonly T[]) => pickOne(random, items)
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: 1 + Math.floor(random() * most) }, make)
  const optional = <T>(share: number, make: () => T): T | undefined => (chance(share) ? make() : undefined)
  const text = () => pick(['1', 'a b', '<script>alert(1)</script>', '‮rtl', '🧵', '', 'x'.repeat(500), '"\'\\'])
  const path = () => pick(['/', '/products', '/a/b%20c', '/ünïcode', '/very/long'.repeat(20)])
  const duration = () => pick(['0s', '500ms', '2s', '1m30s', '1h'])
  const name = () => pick(['catalog', 'catalog-v1', 'catalog-v2', 'not-there'])
  const reference = () => ({
    name: name(),
    group: optional(0.3, () => '' as const),
    kind: optional(0.3, () => 'Service' as const),
    namespace: optional(0.2, () => 'default' as const),
    port: optional(0.3, () => 8080),
  })
  const valueMatch = () =>
    chance(0.7)
      ? { type: 'Exact' as const, name: pick(['x-beta', 'X-Tenant']), value: text().replaceAll(/[\r\n]/g, '') }
      : { type: 'RegularExpression' as const, name: 'x-re', value: pick(['^v[0-9]+$', '.*']) }
  const pair = () => ({ name: pick(['x-a', 'X-B']), value: pick(['', '1', 'a, b', 'é']) })
  const headers = () => ({
    set: optional(0.5, () => some(2, pair)),
    add: optional(0.5, () => some(2, pair)),
    remove: optional(0.5, () => some(2, () => pick(['x-c', 'x-d']))),
  })
  const isPrefix = chance(0.5)
  const pathChange = () =>
    isPrefix && chance(0.5)
      ? { type: 'ReplacePrefixMatch' as const, replacePrefixMatch: path() }
      : { type: 'ReplaceFullPath' as const, replaceFullPath: path() }
  const host = () => pick(['other', 'api.example.org'])
  const rule = (place: number) => {
    const isRedirect = chance(0.2)
    const filters = [
      optional(0.3, () => ({ type: 'RequestHeaderModifier', requestHeaderModifier: headers() })),
      optional(0.3, () => ({ type: 'ResponseHeaderModifier', responseHeaderModifier: headers() })),
      isRedirect
        ? {
            type: 'RequestRedirect',
            requestRedirect: {
              scheme: optional(0.5, () => pick(['http', 'https'])),
              hostname: optional(0.5, host),
              path: optional(0.5, pathChange),
              port: optional(0.5, () => 8443),
              statusCode: optional(0.5, () => pick([301, 302, 303, 307, 308])),
            },
          }
        : optional(0.3, () => ({
            type: 'URLRewrite',
            urlRewrite: { hostname: optional(0.5, host), path: optional(0.7, pathChange) },
          })),
      ...(chance(0.3)
        ? some(2, () => ({
            type: 'RequestMirror',
            requestMirror: {
              backendRef: reference(),
              ...pick([
                {},
                { percent: 0 },
                { percent: 42 },
                { fraction: { numerator: 1 } },
                { fraction: { numerator: 1, denominator: 1000 } },
              ]),
            },
          }))
        : []),
    ].filter((filter) => filter !== undefined)
    return {
      name: optional(0.7, () => `rule-${place}`),
      matches: optional(0.8, () =>
        some(3, () => ({
          path: optional(0.8, () =>
            isPrefix
              ? { type: 'PathPrefix', value: path() }
              : pick([
                  { type: 'Exact', value: path() },
                  { type: 'RegularExpression', value: '/v[0-9]+/.*' },
                ]),
          ),
          method: optional(0.5, () => pick(HTTP_METHODS)),
          headers: optional(0.4, () => some(3, valueMatch)),
          queryParams: optional(0.4, () => some(2, valueMatch)),
        })),
      ),
      filters: filters.length === 0 ? undefined : filters,
      backendRefs: isRedirect
        ? undefined
        : optional(0.8, () =>
            some(6, () => ({ ...reference(), weight: optional(0.8, () => pick([0, 1, 90, 999_999])) })),
          ),
      timeouts: optional(0.5, () => ({ request: duration(), backendRequest: optional(0.5, duration) })),
      retry: optional(0.5, () => ({
        codes: optional(0.6, () => pick([[], [503], [502, 503, 504, 599]])),
        attempts: optional(0.6, () => pick([0, 1, 10])),
        backoff: optional(0.5, duration),
      })),
    }
  }
  return httpRouteSchema.parse(
    JSON.parse(
      JSON.stringify({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'any', labels: { team: '🧵' }, annotations: { note: '<script>' } },
        spec: { parentRefs: [{ kind: 'Service', name: 'catalog' }], rules: some(3, () => 0).map((_, i) => rule(i)) },
      }),
    ),
  )
}

// Whatever was applied as YAML opens in the editor and is saved from it as the same resource, field by field.
test('random routes survive the form', () => {
  const random = seededRandom(20_261_127)
  let rules = 0
  for (let n = 0; n < 200; n++) {
    const route = randomRoute(random)
    const through = httpRouteSchema.parse({
      ...route,
      spec: { ...route.spec, rules: route.spec.rules.map((rule) => ruleOfForm(ruleFormOf(rule))) },
    })
    expect(through).toEqual(route)
    expect(canonicalForm(through)).toEqual(canonicalForm(route))
    rules += route.spec.rules.length
  }
  expect(rules).toBeGreaterThan(200)
})

// An empty list and none mean the same, and so they may become one another; a retry without fields is still a retry, and
// "on no status" is not "on the usual ones".
test('what is empty keeps its meaning', () => {
  const route = (rule: object) =>
    httpRouteSchema.parse({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'any' },
      spec: { parentRefs: [{ kind: 'Service', name: 'catalog' }], rules: [rule] },
    })
  for (const rule of [
    { name: 'a', matches: [], filters: [], backendRefs: [], timeouts: {} },
    { name: 'a', matches: [{}, { headers: [], queryParams: [] }] },
    { name: 'a', retry: {} },
    { name: 'a', retry: { codes: [] } },
    { name: 'a', filters: [{ type: 'URLRewrite', urlRewrite: {} }] },
  ]) {
    const [stored] = route(rule).spec.rules
    if (stored === undefined) throw new Error('no rule')
    const through = routeRuleSchema.parse(ruleOfForm(ruleFormOf(stored)))
    expect(sameMeaning(route(through), route(rule)), JSON.stringify(rule)).toBe(true)
    expect(through.retry).toEqual(stored.retry)
  }
})

// A mistake's path leads to its field, since the fields stand where the resource's are.
test('mistakes lead to their fields', () => {
  const form = newRuleForm()
  form.matches = [{ path: { type: 'PathPrefix', value: 'products' }, method: '', headers: [], queryParams: [] }]
  form.backendRefs = [{ name: 'catalog-v1', port: '', weight: '1.5' }]
  form.timeouts.request = 'soon'
  form.retry = { isOn: true, on: 'listed', codes: '503, many', attempts: 'all', backoff: '' }
  const { error } = routeRuleSchema.safeParse(ruleOfForm(form))
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([
    'matches.0.path.value',
    'backendRefs.0.weight',
    'timeouts.request',
    'retry.codes.1',
    'retry.attempts',
  ])
})
