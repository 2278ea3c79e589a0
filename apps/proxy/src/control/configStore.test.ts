import { expect, test } from 'vitest'
import {
  destinationDocument,
  endpointsDocument,
  inboundDocument,
  meshDocument,
  SETTINGS,
} from '../../test/documents.ts'
import { rememberingLog, silentLog } from '../../test/silentLog.ts'
import { judgeDelta, judgeSnapshot } from './acceptance.ts'
import { type ConfigMessage, ConfigStore, MOST_DENIED_NAMES, storedConfigSchema } from './configStore.ts'

type Snapshot = Extract<ConfigMessage, { type: 'snapshot' }>
type Delta = Extract<ConfigMessage, { type: 'delta' }>

const snapshot = (revision: number, documents: Snapshot['documents'], epoch = 1): Snapshot => ({
  type: 'snapshot',
  epoch,
  revision,
  documents,
})
const delta = (base: number, revision: number, documents: Delta['documents'], removed: string[] = []): Delta => ({
  type: 'delta',
  epoch: 1,
  base,
  revision,
  documents,
  removed,
})

function newStore() {
  const subscribed: string[][] = []
  const changes: string[][] = []
  const store = new ConfigStore('catalog', (names) => subscribed.push(names), silentLog)
  store.onChange((changed) => changes.push([...changed].sort()))
  return { store, subscribed, changes }
}

// (epoch, revision) only grows: an older pair is refused, the same one is taken again, a new epoch wins whatever it counts.
test.each([
  [null, { epoch: 1, revision: 0 }, true],
  [{ epoch: 1, revision: 5 }, { epoch: 1, revision: 4 }, false],
  [{ epoch: 1, revision: 5 }, { epoch: 1, revision: 5 }, true],
  [{ epoch: 1, revision: 5 }, { epoch: 1, revision: 6 }, true],
  [{ epoch: 1, revision: 5 }, { epoch: 2, revision: 1 }, true],
  [{ epoch: 2, revision: 1 }, { epoch: 1, revision: 9 }, false],
])('held %o, offered %o: %o', (held, offered, expected) => {
  expect(judgeSnapshot(held, offered).apply).toBe(expected)
})

// A delta fits only on the revision that it was made from.
test.each([
  [{ epoch: 1, revision: 5 }, { epoch: 1, revision: 6 }, 5, { apply: true }],
  [{ epoch: 1, revision: 5 }, { epoch: 1, revision: 5 }, 5, { apply: true }],
  [{ epoch: 1, revision: 5 }, { epoch: 1, revision: 8 }, 7, { apply: false, unknownBase: true }],
  [{ epoch: 1, revision: 5 }, { epoch: 2, revision: 6 }, 5, { apply: false, unknownBase: true }],
  [null, { epoch: 1, revision: 6 }, 5, { apply: false, unknownBase: true }],
  [
    { epoch: 1, revision: 5 },
    { epoch: 1, revision: 4 },
    3,
    { apply: false, refused: expect.stringContaining('older') },
  ],
  [
    { epoch: 1, revision: 5 },
    { epoch: 1, revision: 4 },
    5,
    { apply: false, refused: expect.stringContaining('older') },
  ],
])('held %o, delta to %o from %i: %o', (held, offered, base, expected) => {
  expect(judgeDelta(held, offered, base)).toEqual(expected)
})

// A message is one swap: whoever is told of it sees all of it, and names exactly what changed or went.
test('swaps a whole message at once', () => {
  const { store, changes } = newStore()
  const seen: unknown[] = []
  store.onChange(() => seen.push([store.destination('cart')?.service, store.endpoints('cart')?.endpoints.length]))
  store.apply(snapshot(1, [meshDocument(['root']), inboundDocument('catalog')]))
  store.apply(delta(1, 2, [destinationDocument('cart'), endpointsDocument('cart', [1, 2])]))
  store.apply(delta(2, 3, [endpointsDocument('cart', [1])], ['destination/cart']))
  expect(seen).toEqual([
    [undefined, undefined],
    ['cart', 2],
    [undefined, 1],
  ])
  expect(changes).toEqual([
    ['inbound/catalog', 'mesh'],
    ['destination/cart', 'endpoints/cart'],
    ['destination/cart', 'endpoints/cart'],
  ])
})

// After a reconnect everything comes again: what did not change keeps its object and is not told as changed.
test('tells nothing where nothing changed', () => {
  const { store, changes } = newStore()
  const documents = () => [meshDocument(['root']), inboundDocument('catalog'), destinationDocument('cart')]
  store.apply(snapshot(1, documents()))
  const { mesh } = store
  expect(store.apply(snapshot(1, documents()))).toEqual({ apply: true })
  expect(store.mesh).toBe(mesh)
  expect(changes).toHaveLength(1)
})

// What a snapshot does not name is held no more.
test('drops what a snapshot does not name', () => {
  const { store, changes } = newStore()
  store.apply(snapshot(1, [meshDocument(['root']), destinationDocument('cart')]))
  store.apply(snapshot(2, [meshDocument(['root'])]))
  expect(store.destination('cart')).toBeUndefined()
  expect(changes[1]).toEqual(['destination/cart'])
})

// A message with one part that cannot be used changes nothing at all.
test('refuses a message whole', () => {
  const { store } = newStore()
  store.apply(snapshot(1, [meshDocument(['root'])]))
  const bad = destinationDocument('cart')
  const header = { type: 'RegularExpression' as const, name: 'x', value: '(' }
  bad.routes = [
    {
      name: 'r',
      createdAt: 0,
      rules: [
        {
          label: 'r/a',
          matches: [{ path: { type: 'PathPrefix', value: '/' }, method: null, headers: [header], queryParams: [] }],
          filters: [],
          mirrors: [],
          backends: [],
          timeouts: { requestMs: null, backendRequestMs: null },
          retry: null,
        },
      ],
    },
  ]
  expect(store.apply(delta(1, 2, [destinationDocument('payments'), bad]))).toEqual({
    apply: false,
    refused: expect.stringContaining('destination/cart cannot be used: route rule r/a'),
  })
  expect(store.apply(delta(1, 2, [endpointsDocument('a', []), endpointsDocument('a', [])]))).toMatchObject({
    refused: 'endpoints/a comes twice',
  })
  expect(store.position).toEqual({ epoch: 1, revision: 1 })
  expect(store.destination('payments')).toBeUndefined()
})

// First uses of one name wait together, and names of one turn go out in one message.
test('subscribes once for everybody', async () => {
  const { store, subscribed } = newStore()
  store.apply(snapshot(1, []))
  const waiting = [store.resolve('cart', 5_000), store.resolve('cart', 5_000), store.resolve('payments', 5_000)]
  await new Promise(setImmediate)
  expect(subscribed).toEqual([['destination/cart', 'destination/payments']])
  store.apply(delta(1, 1, [destinationDocument('cart'), destinationDocument('payments', null)]))
  expect((await Promise.all(waiting)).map((document) => document?.service)).toEqual(['cart', 'cart', null])
  expect(await store.resolve('cart', 0)).toMatchObject({ name: 'cart' })
  expect(subscribed).toHaveLength(1)
})

// Without an answer the caller gets none; the name is asked for again with the next hello, and the answer then held.
test('asks again for what was not answered', async () => {
  const { store } = newStore()
  expect(await store.resolve('cart', 1)).toBeUndefined()
  expect(store.wants()).toEqual(['destination/cart'])
  store.apply(snapshot(1, [destinationDocument('cart'), endpointsDocument('cart', [1])]))
  expect(store.destination('cart')).toBeDefined()
  expect(store.wants()).toEqual(['destination/cart'])
})

// An app that calls random names costs a bounded memory: denied ones are kept up to 1,000, the oldest go first.
test('keeps 1,000 denied names and every service', () => {
  const { store } = newStore()
  store.apply(snapshot(1, [destinationDocument('cart')]))
  for (let n = 0; n < MOST_DENIED_NAMES + 10; n++) store.apply(delta(1, 1, [destinationDocument(`no-${n}`, null)]))
  expect(store.destination('cart')).toBeDefined()
  expect(store.destination('no-9')).toBeUndefined()
  expect(store.destination('no-10')).toBeDefined()
  expect(store.wants()).toHaveLength(MOST_DENIED_NAMES + 1)
})

// What is written to disk gives the same config back.
test('comes back from disk as it was', () => {
  const { store } = newStore()
  expect(store.serialize()).toBeNull()
  store.apply(snapshot(7, [meshDocument(['root']), inboundDocument('catalog'), destinationDocument('no', null)], 3))
  const { store: again } = newStore()
  expect(again.restore(storedConfigSchema.parse(JSON.parse(store.serialize() ?? '')))).toEqual({ apply: true })
  expect(again.position).toEqual({ epoch: 3, revision: 7 })
  expect(again.mesh).toEqual(store.mesh)
  expect(again.inbound?.settings).toEqual(SETTINGS)
  expect(again.destination('no')?.service).toBeNull()
})

// A defect in one listener keeps neither the others nor the acknowledgement from the new config.
test('goes on where a listener fails', () => {
  const log = rememberingLog()
  const store = new ConfigStore('catalog', () => {}, log)
  const heard: string[] = []
  store.onChange(() => {
    throw new Error('a defect')
  })
  store.onChange(() => heard.push('second'))
  expect(store.apply(snapshot(1, [meshDocument(['root'])]))).toEqual({ apply: true })
  expect(heard).toEqual(['second'])
  expect(log.lines).toHaveLength(1)
})
