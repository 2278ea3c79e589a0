import { type Resource, resourceSchema } from '@heddle/shared/resources/index'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { MeshIndex } from '../render/meshIndex.ts'
import { FakeProxy } from './fakeProxy.ts'
import type { Numbered } from './frames.ts'
import { MAX_DENIED_NAMES, PushHub } from './hub.ts'

const service = (name: string, labels: Record<string, string> = {}): Resource =>
  resourceSchema.parse({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name, labels } })
const grpc = (name: string): Resource =>
  resourceSchema.parse({
    apiVersion: 'heddle.dev/v1',
    kind: 'Service',
    metadata: { name },
    spec: { protocol: 'grpc' },
  })
const route = (parent: string, backends: string[]): Resource =>
  resourceSchema.parse({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: `${parent}-route` },
    spec: {
      parentRefs: [{ kind: 'Service', name: parent }],
      rules: [{ name: 'all', backendRefs: backends.map((name) => ({ name })) }],
    },
  })

function mesh() {
  const index = new MeshIndex('td')
  index.setRoots(['root'])
  const clock = new FakeClock()
  const hub = new PushHub(index, clock, { acknowledged: () => {}, refused: () => {}, stateChanged: () => {} })
  let revision = 1
  for (const name of ['a', 'b', 'c']) index.setResource({ resource: service(name), createdAt: 1 })
  hub.push({ epoch: 7, revision }, [])
  return {
    index,
    hub,
    clock,
    change: (resource: Resource) => {
      const names = index.setResource({ resource, createdAt: 1 })
      revision++
      return hub.push({ epoch: 7, revision }, names, [{ revision, seenAt: clock.monotonic(), names }])
    },
    instance: (id: string, of: string, isServing = true, address = '10.0.0.1', hostId = 'host') => {
      revision++
      return hub.push(
        { epoch: 7, revision },
        index.setInstance({
          instance: id,
          service: of,
          version: 'v1',
          hostId,
          isServing,
          inbound: { address, port: 20_000 },
        }),
      )
    },
    join: (instance: string, of: string, wants: string[] = [], hostId = 'host', held: Numbered | null = null) => {
      const proxy = new FakeProxy(instance, of, hostId, held)
      hub.open(proxy.session, wants)
      return proxy
    },
  }
}

// The answer to a hello has everything: the mesh, the service's own side, the destinations and all endpoints they need.
test('a snapshot is closed under what its documents need', () => {
  const m = mesh()
  m.index.setResource({ resource: route('a', ['b', 'c']), createdAt: 1 })
  const proxy = m.join('c-v1-0-abcd', 'c', ['destination/a', 'destination/nobody', 'inbound/a'])
  expect(proxy.takeFrames()).toEqual([
    {
      type: 'snapshot',
      names: ['destination/a', 'destination/nobody', 'endpoints/a', 'endpoints/b', 'endpoints/c', 'inbound/c', 'mesh'],
      removed: [],
    },
  ])
})

// A destination's first use is answered by one delta with the destination and its endpoints, so that one swap has all.
test('a subscription brings the destination with its endpoints in one message', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c')
  proxy.ack(m.hub)
  proxy.takeFrames()
  m.hub.subscribe(proxy.session, ['destination/a'])
  expect(proxy.takeFrames()).toEqual([{ type: 'delta', names: ['destination/a', 'endpoints/a'], removed: [] }])
})

// Only documents that changed are sent, and only to those who hold them.
test('a change reaches its holders and nobody else', () => {
  const m = mesh()
  const holder = m.join('c-v1-0-abcd', 'c', ['destination/a'])
  const other = m.join('c-v1-1-abcd', 'c', ['destination/b'])
  holder.ack(m.hub)
  other.ack(m.hub)
  holder.takeFrames()
  other.takeFrames()
  m.change(grpc('a'))
  expect(holder.takeFrames()).toEqual([{ type: 'delta', names: ['destination/a'], removed: [] }])
  expect(other.frames).toEqual([])
  m.change(service('a', { team: 'x' }))
  holder.ack(m.hub)
  // A label is nothing that proxies know of: but the protocol went back to http, in the latest form.
  expect(holder.takeFrames()).toHaveLength(1)
  holder.ack(m.hub)
  m.change(service('a', { team: 'y' }))
  expect(holder.frames).toEqual([])
  expect(holder.session.holding.isCurrent).toBe(true)
})

// Changes that come while a message is on its way are sent as one, in their latest form.
test('latest wins while an answer is awaited', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c', ['destination/a', 'destination/b'])
  m.change(grpc('a'))
  m.change(grpc('b'))
  m.change(service('a'))
  expect(proxy.takeFrames()).toHaveLength(1)
  proxy.ack(m.hub)
  // a is again as the snapshot had it.
  expect(proxy.takeFrames()).toEqual([{ type: 'delta', names: ['destination/b'], removed: [] }])
})

// A route that names a new backend brings that backend's endpoints in the same message; one that forgets it takes them.
test('endpoints come and go with the routes that need them', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c', ['destination/a'])
  proxy.ack(m.hub)
  proxy.takeFrames()
  m.change(route('a', ['a', 'b']))
  expect(proxy.takeFrames()).toEqual([{ type: 'delta', names: ['destination/a', 'endpoints/b'], removed: [] }])
  proxy.ack(m.hub)
  m.change(route('a', ['a']))
  expect(proxy.takeFrames()).toEqual([{ type: 'delta', names: ['destination/a'], removed: ['endpoints/b'] }])
  proxy.ack(m.hub)
  expect([...proxy.held.keys()].sort()).toEqual(['destination/a', 'endpoints/a', 'inbound/c', 'mesh'])
})

// One bad document does not keep the others from the proxy, and is offered again when it changes.
test('a refused message is sent again one document at a time', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c', ['destination/a'])
  proxy.ack(m.hub)
  m.change(route('a', ['a', 'b']))
  proxy.takeFrames()
  proxy.nack(m.hub)
  expect(proxy.takeFrames()).toEqual([{ type: 'delta', names: ['destination/a'], removed: [] }])
  proxy.nack(m.hub)
  expect(proxy.takeFrames()).toEqual([{ type: 'delta', names: ['endpoints/b'], removed: [] }])
  proxy.ack(m.hub)
  expect(proxy.unanswered).toBe(0)
  expect(proxy.session.nack?.reason).toBe('invalid')
  expect(proxy.session.holding.isCurrent).toBe(false)
  m.hub.subscribe(proxy.session, ['destination/b'])
  proxy.ack(m.hub)
  expect(proxy.held.has('destination/b')).toBe(true)
  m.change(route('a', ['b']))
  proxy.ack(m.hub)
  expect(proxy.session.nack).toBeNull()
  expect(proxy.session.holding.isCurrent).toBe(true)
})

/** Answers everything that comes: refuses what holds `bad`, takes the rest. Ends, or the test would not. */
function answerAll(m: ReturnType<typeof mesh>, proxy: FakeProxy, bad: string): void {
  let messages = 0
  while (proxy.unanswered > 0) {
    expect(messages++).toBeLessThan(20)
    const names = proxy.takeFrames().at(-1)?.names ?? []
    if (names.includes(bad)) proxy.nack(m.hub)
    else proxy.ack(m.hub)
  }
}

// A snapshot with one bad document does not mute the connection: a new proxy gets the others, what it asks for later,
// and the bad one once that has changed.
test('a refused snapshot is sent again one document at a time', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c', ['destination/a'])
  answerAll(m, proxy, 'destination/a')
  expect([...proxy.held.keys()].sort()).toEqual(['endpoints/a', 'inbound/c', 'mesh'])
  expect(proxy.session.holding.isSettled).toBe(true)
  expect(proxy.session.holding.isCurrent).toBe(false)
  m.hub.subscribe(proxy.session, ['destination/b'])
  answerAll(m, proxy, 'destination/a')
  expect(proxy.held.has('destination/b')).toBe(true)
  m.change(grpc('a'))
  answerAll(m, proxy, 'nothing')
  expect(proxy.held.has('destination/a')).toBe(true)
  expect(proxy.session.holding.isCurrent).toBe(true)
})

// One that comes back keeps what it has of the bad document: what it is sent are deltas to that.
test('a refused snapshot takes nothing away', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c', ['destination/a'], 'host', { epoch: 7, revision: 0 })
  expect(proxy.takeFrames()).toMatchObject([{ type: 'snapshot' }])
  proxy.nack(m.hub)
  expect(proxy.takeFrames()).toMatchObject([{ type: 'delta' }])
  proxy.ack(m.hub)
  answerAll(m, proxy, 'destination/a')
  expect([...proxy.held.keys()].sort()).toEqual(['endpoints/a', 'inbound/c', 'mesh'])
})

// A proxy that refuses everything is left alone until something changes or it asks.
test('a proxy that refuses everything is not asked for ever', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c')
  for (let n = 0; n < 3; n++) proxy.nack(m.hub)
  expect(proxy.unanswered).toBe(0)
  m.hub.subscribe(proxy.session, ['destination/a'])
  expect(proxy.takeFrames().at(-1)).toEqual({ type: 'snapshot', names: ['destination/a'], removed: [] })
  proxy.ack(m.hub)
  proxy.ack(m.hub)
  expect([...proxy.held.keys()].sort()).toEqual(['destination/a', 'endpoints/a'])
})

// A proxy that knows more than this control plane refuses its snapshot, and gets one when it has caught up.
test('a snapshot that was too old comes again', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c', ['destination/a'], 'host', { epoch: 7, revision: 3 })
  proxy.nack(m.hub)
  expect(proxy.unanswered).toBe(0)
  m.change(grpc('b'))
  expect(proxy.unanswered).toBe(0)
  proxy.takeFrames()
  m.change(service('b'))
  expect(proxy.takeFrames()).toMatchObject([{ type: 'snapshot' }])
  proxy.ack(m.hub)
  expect(proxy.session.holding.isCurrent).toBe(true)
})

// A loopback endpoint is for its own machine; one that appears there changes which rendering that machine's proxies hold.
test('each machine gets its own loopback endpoints', () => {
  const m = mesh()
  const here = m.join('c-v1-0-abcd', 'c', ['destination/a'], 'host-1')
  const there = m.join('c-v1-1-abcd', 'c', ['destination/a'], 'host-2')
  here.ack(m.hub)
  there.ack(m.hub)
  m.instance('a-v1-0-abcd', 'a', true, '127.0.0.1', 'host-1')
  here.ack(m.hub)
  expect(there.unanswered).toBe(0)
  const endpoints = (proxy: FakeProxy) => {
    const document = proxy.held.get('endpoints/a')
    return document?.kind === 'endpoints' ? document.endpoints.map((e) => e.instance) : undefined
  }
  expect(endpoints(here)).toEqual(['a-v1-0-abcd'])
  m.instance('a-v1-1-abcd', 'a')
  here.ack(m.hub)
  there.ack(m.hub)
  expect(endpoints(here)).toEqual(['a-v1-0-abcd', 'a-v1-1-abcd'])
  expect(endpoints(there)).toEqual(['a-v1-1-abcd'])
})

// How far a change has spread counts the holders of a changed document, and measures until the last answer.
test('a change is followed until its last holder has it', () => {
  const m = mesh()
  const one = m.join('c-v1-0-abcd', 'c', ['destination/a'])
  const two = m.join('c-v1-1-abcd', 'c', ['destination/a'])
  const three = m.join('c-v1-2-abcd', 'c', ['destination/a'])
  const other = m.join('c-v1-3-abcd', 'c', ['destination/b'])
  for (const proxy of [one, two, three, other]) proxy.ack(m.hub)
  m.change(grpc('a'))
  const spread = () => m.hub.spreads.all().at(-1)
  expect(spread()).toEqual({ revision: 2, holders: 3, acknowledged: 0, lastAckMs: null, ackMs: [] })
  m.clock.advance(40)
  one.ack(m.hub)
  m.hub.close(three.session)
  m.clock.advance(60)
  two.ack(m.hub)
  expect(spread()).toEqual({ revision: 2, holders: 2, acknowledged: 2, lastAckMs: 100, ackMs: [40, 100] })
})

// A restored database has a new epoch: every proxy gets everything again.
test('a new epoch is a new snapshot for all', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c', ['destination/a'])
  proxy.ack(m.hub)
  proxy.takeFrames()
  m.hub.push({ epoch: 8, revision: 1 }, [])
  expect(proxy.takeFrames().map((frame) => frame.type)).toEqual(['snapshot'])
})

// A proxy that asks for names which do not exist cannot make the control plane hold ever more for it.
test('denied names are bounded, oldest out', () => {
  const m = mesh()
  const proxy = m.join('c-v1-0-abcd', 'c')
  proxy.ack(m.hub)
  const names = Array.from({ length: MAX_DENIED_NAMES + 2 }, (_, i) => `destination/none-${i}`)
  m.hub.subscribe(proxy.session, names)
  proxy.ack(m.hub)
  expect(proxy.held.has('destination/none-0')).toBe(false)
  expect(proxy.held.has(`destination/none-${MAX_DENIED_NAMES + 1}`)).toBe(true)
  expect([...proxy.held.keys()].filter((name) => name.startsWith('destination/'))).toHaveLength(MAX_DENIED_NAMES)
})
