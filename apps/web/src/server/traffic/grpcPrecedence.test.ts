// GRPCRoutes on the one matcher: the control plane's own rendering, compiled as a proxy compiles it.
import { MeshIndex } from '@heddle/control/render/meshIndex'
import { renderRoutes } from '@heddle/control/render/route'
import { compileRoutes } from '@heddle/proxy/route/compile'
import { explainRoute } from '@heddle/proxy/route/explain'
import { matchRoute, type RoutedRequest } from '@heddle/proxy/route/match'
import { type GrpcMatch, type GrpcRoute, grpcRouteSchema } from '@heddle/shared/resources/grpcRoute'
import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'

interface Aged {
  resource: GrpcRoute
  createdAt: number
}
type Match = {
  type?: 'Exact' | 'RegularExpression'
  service?: string
  method?: string
  headers?: Record<string, string>
}

const matchOf = ({ headers = {}, ...method }: Match): unknown => ({
  ...(Object.keys(method).length > 0 && { method }),
  headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
})

function route(name: string, createdAt: number, ...rules: Match[][]): Aged {
  const resource = grpcRouteSchema.parse({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name },
    spec: {
      parentRefs: [{ kind: 'Service', name: 'catalog' }],
      rules: rules.map((matches, i) => ({ name: `${i}`, matches: matches.map(matchOf) })),
    },
  })
  return { resource, createdAt }
}

const tableOf = (routes: readonly Aged[]) => compileRoutes(renderRoutes(new MeshIndex('heddle.local'), routes))
const call = (path: string, headers: string[] = []): RoutedRequest => ({ method: 'POST', path, query: '', headers })
const winner = (routes: readonly Aged[], request: RoutedRequest) =>
  matchRoute(tableOf(routes), request)?.rule.label ?? null
const takes = (match: Match, path: string) => winner([route('r', 1, [match])], call(path)) !== null

// GRPCMethodMatch: exact and with case; what is left out, or empty, is any.
test.each<[Match, string, boolean]>([
  [{ service: 'shop.Catalog', method: 'Get' }, '/shop.Catalog/Get', true],
  [{ service: 'shop.Catalog', method: 'Get' }, '/shop.Catalog/get', false],
  [{ service: 'shop.Catalog', method: 'Get' }, '/shop.Catalog/GetAll', false],
  [{ service: 'shop.Catalog' }, '/shop.Catalog/Anything', true],
  [{ service: 'shop.Catalog' }, '/shop.Catalogue/Get', false],
  [{ service: 'shop.Catalog', method: '' }, '/shop.Catalog/Get', true],
  [{ method: 'Get' }, '/any.Service/Get', true],
  [{ method: 'Get' }, '/any.Service/List', false],
  [{ type: 'RegularExpression', service: 'shop\\..*', method: 'Get|List' }, '/shop.Catalog/List', true],
  [{ type: 'RegularExpression', service: 'shop\\..*', method: 'Get|List' }, '/shop.Catalog/ListAll', false],
  [{ type: 'RegularExpression', service: 'a|shop' }, '/shop/Get', true],
  [{ type: 'RegularExpression', service: 'a|shop' }, '/a.shop/Get', false],
  [{ type: 'RegularExpression', method: '(?i)get' }, '/shop.Catalog/GET', true],
  [{}, '/shop.Catalog/Get', true],
])('%j and the call %s: %s', (match, path, expected) => {
  expect(takes(match, path)).toBe(expected)
})

// All of gRPC is POST: a page that a browser asks for is none of a GRPCRoute's calls.
test('what is no POST is no call', () => {
  const routes = [route('r', 1, [{}])]
  expect(winner(routes, { ...call('/shop.Catalog/Get'), method: 'GET' })).toBe(null)
  expect(explainRoute(tableOf(routes), { ...call('/'), method: 'GET' }).candidates[0]?.why).toBe(
    'The method is GET, and a call of gRPC is a POST.',
  )
})

// Gateway API, GRPCRouteRule.matches: characters of the service, then of the method, then header matches; each criterion
// decides only where all before it are equal, and an older route does not help against it.
test.each<[string, Match, Match]>([
  ['service before none', { service: 's.A' }, { method: 'Get', headers: { x: '1', y: '2' } }],
  [
    'service before an expression of it',
    { service: 's.A' },
    { type: 'RegularExpression', service: 's\\.[A-Z]', method: 'Get' },
  ],
  ['an expression of the service before none', { type: 'RegularExpression', service: '.*' }, { method: 'Get' }],
  [
    'the longer expression of the service',
    { type: 'RegularExpression', service: 's\\..*' },
    { type: 'RegularExpression', service: '.*', method: 'G.*' },
  ],
  [
    'method before none, service alike',
    { service: 's.A', method: 'Get' },
    { service: 's.A', headers: { x: '1', y: '2' } },
  ],
  ['method before none, no service', { method: 'Get' }, { headers: { x: '1', y: '2' } }],
  [
    'the longer expression of the method',
    { type: 'RegularExpression', method: 'Ge.*' },
    { type: 'RegularExpression', method: '.*', headers: { x: '1' } },
  ],
  [
    'more headers before fewer',
    { service: 's.A', headers: { x: '1', y: '2' } },
    { service: 's.A', headers: { x: '1' } },
  ],
])('%s', (_, better, worse) => {
  const asked = call('/s.A/Get', ['x', '1', 'y', '2'])
  expect(winner([route('older', 1, [worse]), route('newer', 2, [better])], asked)).toBe('newer/0')
  expect(winner([route('older', 1, [better]), route('newer', 2, [worse])], asked)).toBe('older/0')
})

test('ties go to the older route, then to the alphabet, then to the first rule', () => {
  const asked = call('/s.A/Get')
  expect(winner([route('a', 2, [{}]), route('b', 1, [{}])], asked)).toBe('b/0')
  expect(winner([route('b', 1, [{}]), route('a', 1, [{}])], asked)).toBe('a/0')
  expect(winner([route('a', 1, [{ method: 'Get' }], [{ method: 'Get' }])], asked)).toBe('a/0')
})

test('the explanation speaks of service and method', () => {
  const table = tableOf([
    route('r', 1, [{ service: 's.A', method: 'Get' }], [{ service: 's.A' }], [{ service: 's.B' }]),
  ])
  expect(explainRoute(table, call('/s.A/Get')).candidates.map(({ outcome, why }) => [outcome, why])).toEqual([
    ['won', 'It is the first in winning order that matches.'],
    ['outranked', 'It matches too, but it says less of the method (an exact name, then an expression, then any).'],
    ['no_match', 'The call s.A/Get is not s.B/*.'],
  ])
})

/** The specification read aloud, one candidate at a time: what matches a call, and which of two that do comes first. */
function naiveWinner(routes: readonly Aged[], service: string, method: string, headers: ReadonlyMap<string, string>) {
  const isAlike = (type: string, wanted: string | undefined, given: string) =>
    wanted === undefined || (type === 'Exact' ? wanted === given : new RegExp(`^(?:${wanted})$`).test(given))
  const matches = ({ method: wanted, headers: fields = [] }: GrpcMatch) =>
    (wanted === undefined ||
      (isAlike(wanted.type, wanted.service, service) && isAlike(wanted.type, wanted.method, method))) &&
    fields.every(({ name, value }) => headers.get(name) === value)
  const characters = (match: GrpcMatch, part: 'service' | 'method') => {
    const value = match.method?.[part]
    if (value === undefined) return 0
    return match.method?.type === 'Exact' ? 1_000_000 + value.length : value.length
  }
  const found = routes.flatMap(({ resource, createdAt }) =>
    resource.spec.rules.flatMap((rule, place) =>
      (rule.matches ?? []).filter(matches).map((match) => ({ match, createdAt, name: resource.metadata.name, place })),
    ),
  )
  const [first] = found.sort(
    (a, b) =>
      characters(b.match, 'service') - characters(a.match, 'service') ||
      characters(b.match, 'method') - characters(a.match, 'method') ||
      (b.match.headers?.length ?? 0) - (a.match.headers?.length ?? 0) ||
      a.createdAt - b.createdAt ||
      a.name.localeCompare(b.name) ||
      a.place - b.place,
  )
  return first === undefined ? null : `${first.name}/${first.place}`
}

test('whatever the routes, the winner is the one that the specification names', () => {
  const random = seededRandom(11)
  const services = ['s.A', 's.B', 's.Ab']
  const methods = ['Get', 'List', 'GetAll']
  const maybe = <T extends object>(value: T): T | object => (random() < 0.6 ? value : {})
  const randomMatch = (): Match =>
    random() < 0.5
      ? {
          ...maybe({ service: pickOne(random, services) }),
          ...maybe({ method: pickOne(random, methods) }),
          ...maybe({ headers: { x: pickOne(random, ['1', '2']) } }),
        }
      : {
          type: 'RegularExpression',
          service: pickOne(random, ['.*', 's\\..*', 's\\.A|s\\.B', 's\\.A.?']),
          ...maybe({ method: pickOne(random, ['.*', 'Get.*', 'List|Get', '[A-Z].+']) }),
          ...maybe({ headers: { x: '1', y: '1' } }),
        }
  let won = 0
  for (let round = 0; round < 400; round++) {
    const routes = ['a', 'b', 'c'].map((name) =>
      route(name, Math.floor(random() * 2), [randomMatch(), randomMatch()], [randomMatch()]),
    )
    const table = tableOf(routes)
    for (const service of services)
      for (const method of methods) {
        const fields = pickOne(random, [{}, { x: '1' }, { x: '2' }, { x: '1', y: '1' }] as Record<string, string>[])
        const found = matchRoute(table, call(`/${service}/${method}`, Object.entries(fields).flat()))
        const expected = naiveWinner(routes, service, method, new Map(Object.entries(fields)))
        expect(found?.rule.label ?? null).toBe(expected)
        if (expected !== null) won++
      }
  }
  expect(won).toBeGreaterThan(2_000)
})
