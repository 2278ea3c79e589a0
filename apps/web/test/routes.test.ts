// Services and routes made, edited and deleted through the pages' procedures: one change each, refused when stale, with
// answers in words for what makes no sense.
import { type HttpRoute, httpRouteSchema } from '@heddle/shared/resources/httpRoute'
import { serviceSchema } from '@heddle/shared/resources/service'
import { TRPCError } from '@trpc/server'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type HeddleCode, HeddleError } from '../src/server/errors.ts'
import { createTestConsole, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
beforeAll(async () => {
  mesh = await createTestConsole()
})
afterAll(() => mesh[Symbol.asyncDispose]())

const service = (name: string, rest: object = {}) =>
  serviceSchema.parse({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name }, ...rest })
const route = (name: string, rules: object[], parent = 'catalog'): HttpRoute =>
  httpRouteSchema.parse({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name },
    spec: { parentRefs: [{ kind: 'Service', name: parent }], rules },
  })
const products = {
  name: 'products',
  matches: [{ path: { type: 'PathPrefix', value: '/products' }, method: 'GET' }],
  backendRefs: [
    { name: 'catalog', weight: 90 },
    { name: 'catalog-next', weight: 10 },
  ],
}

beforeEach(async () => {
  await mesh.as('admin').config.put({
    documents: [service('catalog'), service('catalog-next'), service('storefront'), route('catalog', [products])],
  })
})

async function refusal(work: Promise<unknown>): Promise<{ code: HeddleCode; error: HeddleError }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof TRPCError && error.cause instanceof HeddleError)
    return { code: error.cause.code, error: error.cause }
  throw new Error('it was not refused as the table says', { cause: error })
}

// A route is made once, edited from what one saw, and deleted; whoever comes late learns whose change is there.
test('a route from first to last', async () => {
  const mine = route('beta', [{ name: 'beta', timeouts: { request: '2s' }, retry: { codes: [503], attempts: 2 } }])
  const made = await mesh.as('operator', 'ana').traffic.saveRoute({ route: mine, resourceVersion: null })
  const again = await refusal(mesh.as('operator', 'ben').traffic.saveRoute({ route: mine, resourceVersion: null }))
  expect([again.code, again.error.details.change?.actor]).toEqual(['stale', 'ana'])
  const longer = route('beta', [{ name: 'beta', timeouts: { request: '3s' } }])
  const save = { route: longer, resourceVersion: made.resourceVersion }
  const edited = await mesh.as('operator', 'ben').traffic.saveRoute(save)
  const late = await refusal(mesh.as('operator', 'cleo').traffic.saveRoute({ ...save, route: mine }))
  expect([late.code, late.error.details.change?.actor]).toEqual(['stale', 'ben'])
  const remove = { kind: 'HTTPRoute' as const, name: 'beta', resourceVersion: made.resourceVersion }
  expect((await refusal(mesh.as('operator').traffic.removeRoute(remove))).code).toBe('stale')
  await mesh.as('operator').traffic.removeRoute({ ...remove, resourceVersion: edited.resourceVersion })
  expect((await refusal(mesh.as('viewer').config.get({ kind: 'HTTPRoute', name: 'beta' }))).code).toBe('not_found')
})

// A route for a service that is not there is a mistake, a backend that is not there a warning; both in words.
test('what a route refers to', async () => {
  const lost = mesh.as('operator').traffic.saveRoute({ route: route('lost', [{}], 'catalogue'), resourceVersion: null })
  const { code, error } = await refusal(lost)
  expect([code, error.message]).toEqual([
    'invalid',
    'Nothing was changed. spec.parentRefs.0.name: there is no service "catalogue", did you mean "catalog"?',
  ])
  const odd = route('odd', [{ backendRefs: [{ name: 'nowhere' }] }])
  const { warnings } = await mesh.as('operator').traffic.saveRoute({ route: odd, resourceVersion: null })
  expect(warnings).toEqual(['there is no backend "nowhere" (yet); its share is answered with 500 until there is'])
  await mesh.as('admin').config.delete({ ref: { kind: 'HTTPRoute', name: 'odd' } })
})

// Names of five hundred characters, scripts and marks are refused before anything is read; as values they stay text.
test('hostile names', async () => {
  for (const name of ['<script>alert(1)</script>', '‮elpmas', 'x'.repeat(500), '🧵', '']) {
    const hostile = { ...route('any', [{}]), metadata: { name } }
    const made = mesh.as('operator').traffic.saveRoute({ route: hostile, resourceVersion: null })
    await expect(made, name).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    const asked = mesh.as('viewer').traffic.explain({ service: name, method: 'GET', path: '/' })
    await expect(asked, name).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  }
  const script = '<script>alert(1)</script> ‮ 🧵'
  const match = { headers: [{ type: 'Exact', name: 'x-note', value: script }] }
  await mesh.as('operator').traffic.saveRoute({ route: route('odd', [{ matches: [match] }]), resourceVersion: null })
  const asked = { service: 'catalog', method: 'GET', path: '/', headers: [{ name: 'X-Note', value: script }] }
  const { rules } = await mesh.as('viewer').traffic.explain(asked)
  expect(rules.find(({ outcome }) => outcome === 'won')?.match).toBe(`any method / where header x-note is ${script}`)
  await mesh.as('admin').config.delete({ ref: { kind: 'HTTPRoute', name: 'odd' } })
})

// The box answers as the proxies decide: the winner, why the others lost, and what happens where nothing matches.
test('which route a request would take', async () => {
  const viewer = mesh.as('viewer')
  const ask = { service: 'catalog', method: 'GET', path: '/products/1?x=1' }
  const draft = route('catalog', [
    products,
    { name: 'one', matches: [{ path: { type: 'Exact', value: '/products/1' } }] },
  ])
  const now = await viewer.traffic.explain(ask)
  expect(now.rules.map(({ label, outcome }) => [label, outcome])).toEqual([['catalog/products', 'won']])
  expect(now.rules[0]?.backends).toEqual([
    { name: 'catalog', percent: 90 },
    { name: 'catalog-next', percent: 10 },
  ])
  const then = await viewer.traffic.explain({ ...ask, draft })
  expect(then.rules.map(({ label, outcome }) => [label, outcome])).toEqual([
    ['catalog/one', 'won'],
    ['catalog/products', 'outranked'],
  ])
  expect(then.rules[1]?.why).toContain('its kind of path match is weaker')
  const post = await viewer.traffic.explain({ ...ask, method: 'POST' })
  expect([post.refusal, post.rules[0]?.why]).toEqual([
    'No rule matches: the mesh answers 404 (no_route).',
    'The method is POST, not GET.',
  ])
  expect((await viewer.traffic.explain({ ...ask, path: '/%zz' })).refusal).toMatch(/^No request can be like this/)
  expect((await viewer.traffic.explain({ ...ask, service: 'storefront' })).refusal).toMatch(/^storefront has no routes/)
  expect((await refusal(viewer.traffic.explain({ ...ask, service: 'nowhere' }))).code).toBe('not_found')
})

// A new rule that would take requests past a canary is told of before it is saved: which requests, out of which split, and
// the share that would end. One that keeps the split, or takes nothing from one, is not.
test('what a draft takes out of a split', async () => {
  const left = async (...rules: object[]) =>
    (
      await mesh.as('viewer').traffic.splitsLeft({ service: 'catalog', draft: route('catalog', [products, ...rules]) })
    ).map(({ strong, rest, from, backends }) => ({
      said: `${strong} ${rest}`.replaceAll('\u00a0', ' '),
      from,
      backends,
    }))
  const one = { name: 'one', matches: [{ path: { type: 'PathPrefix', value: '/products/1' } }] }
  expect(await left(one)).toEqual([
    {
      said: 'Requests for any method /products/1 would leave the split of catalog/products. Now 10 % of them go to catalog-next. That would end: all of them would go to any ready instance of catalog, whatever its version.',
      from: 'catalog/products',
      backends: products.backendRefs,
    },
  ])
  const [elsewhere] = await left({ ...one, backendRefs: [{ name: 'catalog' }] })
  expect(elsewhere?.said).toContain(
    'Now they go 90 % to catalog, 10 % to catalog-next. Then 100 % to catalog; catalog-next would get none of them.',
  )
  expect(await left({ ...one, backendRefs: [{ name: 'catalog', weight: 9 }, { name: 'catalog-next' }] })).toEqual([])
  expect(await left({ ...one, matches: [{ path: { type: 'PathPrefix', value: '/other' } }] })).toEqual([])
  expect(await left({ ...one, matches: [{ ...one.matches[0], method: 'POST' }] })).toEqual([])
  // In a route of its own, too, and where it wins by a header.
  const beta = { matches: [{ path: { value: '/products' }, method: 'GET', headers: [{ name: 'x-beta', value: '1' }] }] }
  const draft = route('beta', [beta])
  expect(await mesh.as('viewer').traffic.splitsLeft({ service: 'catalog', draft })).toHaveLength(1)
  const { rules } = await mesh.as('viewer').traffic.explain({
    ...{ service: 'catalog', method: 'GET', path: '/products', headers: [{ name: 'x-beta', value: '1' }], draft },
  })
  // It is told by the name that it will have once it is saved.
  expect(rules.find(({ outcome }) => outcome === 'won')?.label).toBe('beta/get-products')
})

// Backends come and go with a split, which stays one change; what is not said is not guessed.
test('backends are added and taken out with the weights', async () => {
  const read = async () => {
    const [rule] = (await mesh.as('viewer').traffic.get({ service: 'catalog' })).rules
    if (rule === undefined) throw new Error('no rule')
    return rule
  }
  const { resourceVersion } = await read()
  const move = { route: 'catalog', rule: 'products', resourceVersion }
  const three = [
    { backend: 'catalog', weight: 60 },
    { backend: 'catalog-next', weight: 10 },
    { backend: 'storefront', weight: 30 },
  ]
  await expect(mesh.as('operator').traffic.setWeights({ ...move, weights: three })).rejects.toThrow(
    'has no backend storefront',
  )
  const added = await mesh.as('operator').traffic.setWeights({ ...move, weights: three, added: ['storefront'] })
  expect((await read()).backends.map(({ name, percent }) => [name, percent])).toEqual([
    ['catalog', 60],
    ['catalog-next', 10],
    ['storefront', 30],
  ])
  const without = { ...move, resourceVersion: added.resourceVersion, weights: [{ backend: 'catalog', weight: 100 }] }
  await expect(mesh.as('operator').traffic.setWeights(without)).rejects.toThrow('has none')
  await mesh.as('operator').traffic.setWeights({ ...without, removed: ['catalog-next', 'storefront'] })
  expect((await read()).backends.map(({ name }) => name)).toEqual(['catalog'])
})

// Who edited a list of backends that somebody changed meanwhile is told who that was, not that a weight is missing.
test('a stale edit of other backends names whose change it would undo', async () => {
  const [rule] = (await mesh.as('viewer').traffic.get({ service: 'catalog' })).rules
  const move = { route: 'catalog', rule: 'products', resourceVersion: rule?.resourceVersion ?? '' }
  const weights = [
    { backend: 'catalog', weight: 90 },
    { backend: 'catalog-next', weight: 10 },
    { backend: 'storefront', weight: 0 },
  ]
  const first = await mesh.as('operator', 'ben').traffic.setWeights({ ...move, weights, added: ['storefront'] })
  const late = mesh
    .as('operator', 'cleo')
    .traffic.setWeights({ ...move, weights: [{ backend: 'catalog', weight: 50 }] })
  const { code, error } = await refusal(late)
  expect([code, error.details.change]).toMatchObject(['stale', { actor: 'ben', revision: first.revision }])
})

// The list of splits names who moved each of them last: a change of something else is no move.
test('the last move of a split', async () => {
  const [rule] = (await mesh.as('viewer').traffic.get({ service: 'catalog' })).rules
  const weights = [
    { backend: 'catalog', weight: 55 },
    { backend: 'catalog-next', weight: 45 },
  ]
  const moved = await mesh
    .as('operator', 'ben')
    .traffic.setWeights({ route: 'catalog', rule: 'products', resourceVersion: rule?.resourceVersion ?? '', weights })
  const slower = route('catalog', [
    {
      ...products,
      backendRefs: weights.map(({ backend: name, weight }) => ({ name, weight })),
      timeouts: { request: '9s' },
    },
  ])
  await mesh.as('operator', 'ana').traffic.saveRoute({ route: slower, resourceVersion: moved.resourceVersion })
  const { rows, unrouted } = await mesh.as('viewer').traffic.list()
  expect(rows.map(({ service: name, splits }) => [name, splits.map(({ label }) => label)])).toEqual([
    ['catalog', ['catalog/products']],
  ])
  expect(rows[0]?.splits[0]?.moved).toMatchObject({ actor: 'ben', revision: moved.revision })
  expect(unrouted).toBe(2)
  const { names, routes } = await mesh.as('viewer').traffic.names()
  expect([names.map(({ name }) => name), routes]).toEqual([['catalog', 'catalog-next', 'storefront'], ['catalog']])
})

// A service is made, edited and deleted; what depends on it is said before, and keeps it.
test('a service from first to last', async () => {
  const operator = mesh.as('operator', 'ana')
  const made = await operator.services.save({ resource: service('billing'), resourceVersion: null })
  const twice = await refusal(operator.services.save({ resource: service('billing'), resourceVersion: null }))
  expect(twice.code).toBe('stale')
  const settings = service('billing', { spec: { balancing: 'round-robin', limits: { requestsPerSecond: 5 } } })
  const edited = await operator.services.save({ resource: settings, resourceVersion: made.resourceVersion })
  const late = operator.services.save({ resource: service('billing'), resourceVersion: made.resourceVersion })
  expect((await refusal(late)).code).toBe('stale')

  const own = route('billing', [{ backendRefs: [{ name: 'catalog' }] }], 'billing')
  const held = await operator.traffic.saveRoute({ route: own, resourceVersion: null })
  expect(await operator.services.dependents({ service: 'billing' })).toEqual({
    users: ['HTTPRoute billing'],
    instances: [],
  })
  expect((await operator.services.dependents({ service: 'catalog' })).users).toEqual([
    'HTTPRoute billing (as a backend)',
    'HTTPRoute catalog',
  ])
  const remove = { name: service('billing').metadata.name, resourceVersion: edited.resourceVersion }
  expect((await refusal(operator.services.remove(remove))).error.message).toContain('is used by HTTPRoute billing')
  await operator.traffic.removeRoute({ kind: 'HTTPRoute', name: 'billing', resourceVersion: held.resourceVersion })
  await operator.services.remove(remove)
  expect((await refusal(operator.services.dependents({ service: 'billing' }))).code).toBe('not_found')
})

// Names that the mesh needs for itself, and those of versions, are not to be had.
test('reserved names of services', async () => {
  const made = mesh.as('operator').services.save({ resource: service('egress'), resourceVersion: null })
  expect((await refusal(made)).error.message).toContain('choose another name')
  await expect(mesh.as('viewer').services.save({ resource: service('x'), resourceVersion: null })).rejects.toThrow(
    'needs the role operator',
  )
})
