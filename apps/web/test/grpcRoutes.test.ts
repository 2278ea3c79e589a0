// GRPCRoutes through the pages' procedures: what the routes page shows, tells and warns of is in terms of calls.
import { accessRuleSchema } from '@heddle/shared/resources/accessRule'
import { type GrpcRoute, grpcRouteSchema } from '@heddle/shared/resources/grpcRoute'
import { httpRouteSchema } from '@heddle/shared/resources/httpRoute'
import { serviceSchema } from '@heddle/shared/resources/service'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestConsole, type TestConsole } from './testConsole.ts'

const apiVersion = 'gateway.networking.k8s.io/v1'
const parentRefs = [{ kind: 'Service', name: 'catalog' }]
const service = (name: string) =>
  serviceSchema.parse({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name }, spec: { protocol: 'grpc' } })
const paths = httpRouteSchema.parse({
  ...{ apiVersion, kind: 'HTTPRoute', metadata: { name: 'paths' } },
  spec: { parentRefs, rules: [{ name: 'rest' }] },
})
const calls = (rules: object[], name = 'calls'): GrpcRoute =>
  grpcRouteSchema.parse({ apiVersion, kind: 'GRPCRoute', metadata: { name }, spec: { parentRefs, rules } })
const reads = {
  name: 'reads',
  matches: [{ method: { service: 'shop.v1.Catalog' } }],
  backendRefs: [
    { name: 'catalog', weight: 90 },
    { name: 'catalog-next', weight: 10 },
  ],
}

let mesh: TestConsole
beforeAll(async () => {
  mesh = await createTestConsole()
  await mesh.as('admin').config.put({ documents: [service('catalog'), service('catalog-next'), paths, calls([reads])] })
})
afterAll(() => mesh[Symbol.asyncDispose]())

// The HTTPRoute of the service does nothing, and says so, until its GRPCRoute is gone.
test('a page shows the kind that holds, and names what it keeps from holding', async () => {
  const page = await mesh.as('viewer').traffic.get({ service: 'catalog' })
  expect([page.kind, page.ignored]).toEqual(['GRPCRoute', ['paths']])
  expect(page.rules.map(({ label, match }) => [label, match])).toEqual([
    ['calls/reads', 'any method of shop.v1.Catalog'],
  ])
})

test('which route a call would take', async () => {
  const ask = { service: 'catalog', method: 'POST' }
  const taken = await mesh.as('viewer').traffic.explain({ ...ask, path: 'shop.v1.Catalog/Get' })
  expect(taken.rules.map(({ label, outcome }) => [label, outcome])).toEqual([['calls/reads', 'won']])
  const { refusal, rules } = await mesh.as('viewer').traffic.explain({ ...ask, path: 'shop.v1.Cart/Get' })
  expect([refusal, rules[0]?.why]).toEqual([
    'No rule matches: the mesh answers UNIMPLEMENTED (no_route).',
    'The call shop.v1.Cart/Get is not shop.v1.Catalog/*.',
  ])
})

// As of an HTTPRoute (routes.test.ts), said of calls, and refused as gRPC refuses.
test('what a draft takes out of a split of calls', async () => {
  const left = async (rule: object, name?: string) => {
    const draft = name === undefined ? calls([reads, rule]) : calls([rule], name)
    const warnings = await mesh.as('viewer').traffic.splitsLeft({ service: 'catalog', draft })
    return warnings.map(({ strong, rest }) => `${strong} ${rest}`.replaceAll('\u00a0', ' '))
  }
  const get = { name: 'get', matches: [{ method: { service: 'shop.v1.Catalog', method: 'Get' } }] }
  expect(await left(get)).toEqual([
    'Calls for shop.v1.Catalog/Get would leave the split of calls/reads. Now 10 % of them go to catalog-next. That would end: all of them would go to any ready instance of catalog, whatever its version.',
  ])
  const [refused] = await left({ ...get, backendRefs: [{ name: 'catalog', weight: 0 }] })
  expect(refused).toContain('Then all of them would be answered with UNAVAILABLE; catalog, catalog-next would get none')
  // By a header alone, in a route of its own.
  const beta = { matches: [{ ...reads.matches[0], headers: [{ name: 'x-beta', value: '1' }] }] }
  expect(await left(beta, 'beta')).toHaveLength(1)
  expect(await left({ ...get, backendRefs: reads.backendRefs })).toEqual([])
  expect(await left({ ...get, matches: [{ method: { service: 'shop.v1.Cart' } }] })).toEqual([])
  // A method of any service comes after one that names the service.
  expect(await left({ ...get, matches: [{ method: { method: 'Get' } }] })).toEqual([])
})

// Of an HTTPRoute the same refusal speaks of requests and of 500.
test('a split that leaves nowhere to go is refused in terms of calls', async () => {
  const { resources } = await mesh.as('viewer').config.get({ kind: 'GRPCRoute', name: 'calls' })
  const resourceVersion = grpcRouteSchema.parse(resources[0]).metadata.resourceVersion ?? ''
  const weights = ['catalog', 'catalog-next'].map((backend) => ({ backend, weight: 0 }))
  const split = { route: 'calls', rule: 'reads', resourceVersion, weights }
  await expect(mesh.as('admin').traffic.setWeights(split)).rejects.toThrow('every call would be answered UNAVAILABLE')
})

// Who reads a rule as in force believes something denied that is not.
test('a rule on a route that is put aside says so, and one on a route that holds does not', async () => {
  const deny = (name: string, route?: string) =>
    accessRuleSchema.parse({
      ...{ apiVersion: 'heddle.dev/v1', kind: 'AccessRule', metadata: { name } },
      spec: { target: { service: 'catalog', ...(route && { route }) }, action: 'Deny', from: [{ service: 'cart' }] },
    })
  const documents = [deny('on-paths', 'paths/rest'), deny('on-calls', 'calls'), deny('on-all')]
  await mesh.as('admin').config.put({ documents })
  const { rows } = await mesh.as('viewer').access.rules({ service: 'catalog' })
  const aside = rows.filter(({ isPutAside }) => isPutAside).map(({ rule }) => rule.metadata.name)
  expect([rows.length, aside]).toEqual([3, ['on-paths']])
})
