import { type Resource, resourceSchema } from '@heddle/shared/resources/index'
import { expect, test } from 'vitest'
import { renderDestination, renderEndpoints, renderInbound } from './documents.ts'
import { MeshIndex } from './meshIndex.ts'
import type { InstanceInForce } from './model.ts'

const service = (name: string): Resource =>
  resourceSchema.parse({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name } })
const route = (name: string, parent: string, backends: string[]): Resource =>
  resourceSchema.parse({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name },
    spec: {
      parentRefs: [{ kind: 'Service', name: parent }],
      rules: [{ name: 'all', backendRefs: backends.map((backend) => ({ name: backend })) }],
    },
  })
const rule = (name: string, target: string): Resource =>
  resourceSchema.parse({
    apiVersion: 'heddle.dev/v1',
    kind: 'AccessRule',
    metadata: { name },
    spec: { target: { service: target }, action: 'Allow', from: [{ any: 'authenticated' }] },
  })
const settings = (defaultAccess: 'allow' | 'deny', sample = 0): Resource =>
  resourceSchema.parse({
    apiVersion: 'heddle.dev/v1',
    kind: 'MeshSettings',
    metadata: { name: 'mesh' },
    spec: { defaultAccess, accessLog: { sample } },
  })
const instance = (id: string, of: string, version: string, change: Partial<InstanceInForce> = {}): InstanceInForce => ({
  instance: id,
  service: of,
  version,
  inbound: { address: '10.0.0.1', port: 20_000 },
  hostId: 'h',
  isServing: true,
  ...change,
})
const sorted = (names: Set<string>) => [...names].sort()
const put = (index: MeshIndex, resource: Resource) => sorted(index.setResource({ resource, createdAt: 1 }))

// A change names the documents it can touch and no others: a rule on one service never wakes the callers of another.
test('a change touches its own documents alone', () => {
  const index = new MeshIndex('td')
  expect(put(index, service('a'))).toEqual(['destination/a', 'inbound/a'])
  expect(put(index, service('b'))).toEqual(['destination/b', 'inbound/b'])
  expect(put(index, route('r', 'a', ['a', 'b']))).toEqual(['destination/a', 'inbound/a'])
  expect(put(index, rule('x', 'b'))).toEqual(['inbound/b'])
  expect(sorted(index.setInstance(instance('b-v1-0', 'b', 'v1')))).toEqual(['destination/b-v1', 'endpoints/b'])
  expect(sorted(index.setInstance(instance('b-v1-1', 'b', 'v1')))).toEqual(['endpoints/b'])
  expect(sorted(index.setInstance(instance('b-v1-1', 'b', 'v1')))).toEqual([])
  expect(sorted(index.removeResource({ kind: 'AccessRule', name: 'x' }))).toEqual(['inbound/b'])
})

// A backend that comes into being, or goes, changes the routes that name it.
test('a name touches the routes that send requests to it', () => {
  const index = new MeshIndex('td')
  put(index, service('a'))
  put(index, route('r', 'a', ['a-v2', 'later']))
  const backends = () => renderDestination(index, 'a').routes[0]?.rules[0]?.backends.map((b) => b.service)
  expect(backends()).toEqual([null, null])
  expect(sorted(index.setInstance(instance('a-v2-0', 'a', 'v2')))).toEqual([
    'destination/a',
    'destination/a-v2',
    'endpoints/a',
    'inbound/a',
  ])
  expect(put(index, service('later'))).toContain('destination/a')
  expect(backends()).toEqual(['a', 'later'])
  expect(sorted(index.removeInstance('a-v2-0'))).toContain('destination/a')
  expect(backends()).toEqual([null, 'later'])
})

// A derived name that is stored stays when its last instance goes: its share is then 503, not 500.
test('a stored derived name outlives its instances', () => {
  const index = new MeshIndex('td')
  put(index, service('a'))
  index.setInstance(instance('a-v2-0', 'a', 'v2'))
  index.setDerivedNames([{ service: 'a', version: 'v2' }])
  index.removeInstance('a-v2-0')
  expect(renderDestination(index, 'a-v2').service).toBe('a')
  expect(sorted(index.setDerivedNames([]))).toEqual(['destination/a-v2'])
  expect(renderDestination(index, 'a-v2').service).toBeNull()
})

// A route that moves to another service touches the one it left as well.
test('an edited route touches its parents before and after', () => {
  const index = new MeshIndex('td')
  put(index, service('a'))
  put(index, service('b'))
  put(index, route('r', 'a', ['a']))
  expect(put(index, route('r', 'b', ['a']))).toEqual(['destination/a', 'destination/b', 'inbound/a', 'inbound/b'])
  expect(renderInbound(index, 'a').routes).toEqual([])
})

// The mesh's default decision is in every service's own document; the other settings are not.
test('mesh settings touch every inbound document only where the default access changes', () => {
  const index = new MeshIndex('td')
  put(index, service('a'))
  put(index, service('b'))
  expect(put(index, settings('allow'))).toEqual(['mesh'])
  expect(put(index, settings('allow', 0.5))).toEqual(['mesh'])
  expect(put(index, settings('deny', 0.5))).toEqual(['inbound/a', 'inbound/b', 'mesh'])
})

// Oldest route first, then by name: the order in which the Gateway API breaks ties.
test('routes are ordered by age and name', () => {
  const index = new MeshIndex('td')
  put(index, service('a'))
  index.setResource({ resource: route('young', 'a', ['a']), createdAt: 9 })
  index.setResource({ resource: route('old-b', 'a', ['a']), createdAt: 2 })
  index.setResource({ resource: route('old-a', 'a', ['a']), createdAt: 2 })
  expect(renderDestination(index, 'a').routes.map((r) => r.name)).toEqual(['old-a', 'old-b', 'young'])
})

// An endpoint that is not ready, has withdrawn or lapsed is nobody's endpoint.
test('only serving instances are endpoints', () => {
  const index = new MeshIndex('td')
  index.setInstance(instance('a-v1-0', 'a', 'v1', { isServing: false }))
  index.setInstance(instance('a-v1-1', 'a', 'v1', { inbound: null }))
  index.setInstance(instance('a-v1-2', 'a', 'v1'))
  expect(renderEndpoints(index, 'a', null).endpoints.map((e) => e.instance)).toEqual(['a-v1-2'])
})
