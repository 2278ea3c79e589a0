// Edits through the procedures: one change each, refused when stale, taken back by a revert; rights item by item.

import { TRPCError } from '@trpc/server'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type HeddleCode, HeddleError } from '../src/server/errors.ts'
import { createTestConsole, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
beforeAll(async () => {
  mesh = await createTestConsole()
})
afterAll(() => mesh[Symbol.asyncDispose]())

const split = (v1: number, v2: number) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'catalog' },
  spec: {
    parentRefs: [{ kind: 'Service', name: 'catalog' }],
    rules: [
      {
        name: 'products',
        backendRefs: [
          { name: 'catalog', weight: v1 },
          { name: 'catalog-next', weight: v2 },
        ],
      },
    ],
  },
})
const service = (name: string) => ({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name } })
const rule = (name: string, action: 'Allow' | 'Deny' = 'Allow') => ({
  apiVersion: 'heddle.dev/v1' as const,
  kind: 'AccessRule' as const,
  metadata: { name },
  spec: {
    target: { service: 'catalog' },
    action,
    from: [{ service: 'storefront' }],
    to: [{ methods: ['GET'], paths: [{ type: 'PathPrefix' as const, value: '/products' }] }],
  },
})

beforeEach(async () => {
  const { mistakes } = await mesh
    .as('admin', 'ana')
    .config.put({ documents: [service('catalog'), service('catalog-next'), service('storefront'), split(90, 10)] })
  expect(mistakes).toEqual([])
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

async function currentRule(name = 'ana') {
  const page = await mesh.as('operator', name).traffic.get({ service: 'catalog' })
  const [first] = page.rules
  if (first === undefined) throw new Error('no rule')
  return first
}
const weights = (v1: number, v2: number) => [
  { backend: 'catalog', weight: v1 },
  { backend: 'catalog-next', weight: v2 },
]

// Two people who move the same slider: the second learns whose change is there, and nothing of it is lost.
test('a stale edit of weights is refused and shows the other change', async () => {
  const before = await currentRule()
  const move = { route: 'catalog', rule: 'products', resourceVersion: before.resourceVersion }
  const first = await mesh.as('operator', 'ben').traffic.setWeights({ ...move, weights: weights(70, 30) })
  expect(first.revision).toBeGreaterThan(0)
  const { code, error } = await refusal(
    mesh.as('operator', 'cleo').traffic.setWeights({ ...move, weights: weights(0, 100) }),
  )
  expect(code).toBe('stale')
  expect(error.details.change).toMatchObject({ actor: 'ben', revision: first.revision })
  expect(error.details.current).toMatchObject({ metadata: { resourceVersion: first.resourceVersion } })
  expect((await currentRule()).backends.map(({ percent }) => percent)).toEqual([70, 30])
  // From what is there now the same edit goes through.
  const again = { ...move, resourceVersion: first.resourceVersion, weights: weights(0, 100) }
  await mesh.as('operator', 'cleo').traffic.setWeights(again)
  expect((await currentRule()).backends.map(({ percent }) => percent)).toEqual([0, 100])
})

// Of edits at the same time exactly one wins.
test('of two concurrent edits one is stale', async () => {
  const { resourceVersion } = await currentRule()
  const results = await Promise.allSettled(
    [50, 60, 70, 80].map((share) =>
      mesh.as('operator', `p${share}`).traffic.setWeights({
        route: 'catalog',
        rule: 'products',
        resourceVersion,
        weights: weights(share, 100 - share),
      }),
    ),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

// A canary of one in a thousand is not nothing, though its whole percent is.
test('a split is told exactly, not in whole percents alone', async () => {
  const { resourceVersion } = await currentRule()
  const move = { route: 'catalog', rule: 'products', resourceVersion }
  await mesh.as('operator').traffic.setWeights({ ...move, weights: weights(999, 1) })
  const { total, backends } = await currentRule()
  expect([total, ...backends.map(({ weight, percent }) => [weight, percent])]).toEqual([1_000, [999, 100], [1, 0]])
})

// A slider that came back to where it was is no change.
test('the same weights again make no change', async () => {
  const { resourceVersion } = await currentRule()
  const same = await mesh
    .as('operator')
    .traffic.setWeights({ route: 'catalog', rule: 'products', resourceVersion, weights: weights(90, 10) })
  expect(same).toMatchObject({ revision: null, resourceVersion })
})

test('weights that make no sense are refused in words', async () => {
  const { resourceVersion } = await currentRule()
  const move = (given: { backend: string; weight: number }[]) =>
    mesh.as('operator').traffic.setWeights({ route: 'catalog', rule: 'products', resourceVersion, weights: given })
  await expect(move(weights(50.5, 49.5))).rejects.toThrow('weights are whole numbers')
  await expect(move(weights(-1, 101))).rejects.toThrow('a weight cannot be negative')
  await expect(move([{ backend: 'catalog', weight: 100 }])).rejects.toThrow('catalog-next has none')
  await expect(move([...weights(50, 50), { backend: 'storefront', weight: 1 }])).rejects.toThrow(
    'has no backend storefront',
  )
  await expect(move([{ backend: 'catalog', weight: 1 }, ...weights(50, 50)])).rejects.toThrow('named twice')
  await expect(move(weights(0, 0))).rejects.toThrow('At least one backend needs a weight above 0')
})

// Undo is a new change that puts back what was before, and refuses where somebody built on it.
test('a revert restores, and is a conflict once the resource was changed again', async () => {
  const before = await currentRule()
  const move = { route: 'catalog', rule: 'products' }
  const changed = await mesh
    .as('operator', 'ben')
    .traffic.setWeights({ ...move, resourceVersion: before.resourceVersion, weights: weights(70, 30) })
  const revision = changed.revision ?? 0
  const preview = await mesh.as('operator').changes.get({ revision })
  expect(preview.revert?.items).toMatchObject([{ ref: { kind: 'HTTPRoute', name: 'catalog' }, conflict: null }])
  const undone = await mesh.as('operator', 'ana').changes.revert({ revision })
  expect((await currentRule()).backends.map(({ percent }) => percent)).toEqual([90, 10])
  const { changes } = await mesh.as('viewer').changes.list({ service: 'catalog', limit: 2 })
  expect(changes.map(({ revision: r, actor, reverts }) => [r, actor, reverts])).toEqual([
    [undone.revision, 'ana', revision],
    [revision, 'ben', null],
  ])
  const { code } = await refusal(mesh.as('operator').changes.revert({ revision }))
  expect(code).toBe('conflict')
  const late = await mesh.as('operator').changes.get({ revision })
  expect(late.revert?.items[0]?.conflict).toBe(`HTTPRoute catalog was changed since, by change ${undone.revision}.`)
})

// A change of several resources is refused as a whole where one of them is not the caller's to write.
test('rights are checked for each resource of a change', async () => {
  const settings = {
    apiVersion: 'heddle.dev/v1',
    kind: 'MeshSettings',
    metadata: { name: 'mesh' },
    spec: { defaultAccess: 'deny' },
  }
  const documents = [split(50, 50), settings]
  const { code, error } = await refusal(mesh.as('operator').config.put({ documents }))
  expect(code).toBe('forbidden')
  expect(error.message).toBe('MeshSettings mesh: This needs the role admin; you are operator. Ask an admin.')
  expect((await currentRule()).backends.map(({ percent }) => percent)).toEqual([90, 10])
  const put = await mesh.as('admin').config.put({ documents })
  const preview = await mesh.as('operator').changes.get({ revision: put.revision ?? 0 })
  expect(preview.revert?.permitted).toMatchObject({ allowed: false })
  expect((await refusal(mesh.as('operator').changes.revert({ revision: put.revision ?? 0 }))).code).toBe('forbidden')
  await mesh.as('admin').changes.revert({ revision: put.revision ?? 0 })
})

test('access rules are made, edited, refused when stale, and removed', async () => {
  const operator = mesh.as('operator', 'ana')
  const made = await operator.access.save({ rule: rule('readers'), resourceVersion: null })
  const again = await refusal(operator.access.save({ rule: rule('readers'), resourceVersion: null }))
  expect([again.code, again.error.message]).toEqual([
    'stale',
    'There is AccessRule readers already, last changed by ana. Choose another name, or edit that one.',
  ])
  const edited = await operator.access.save({
    rule: { ...rule('readers', 'Deny'), spec: { ...rule('readers', 'Deny').spec, mode: 'audit' } },
    resourceVersion: made.resourceVersion,
  })
  const stale = { rule: rule('readers'), resourceVersion: made.resourceVersion }
  expect((await refusal(operator.access.save(stale))).code).toBe('stale')
  const page = await mesh.as('viewer').access.rules({})
  expect(page.rows).toMatchObject([
    {
      sentence: 'Deny storefront to call GET under /products on catalog',
      mode: 'audit',
      lastChange: { actor: 'ana' },
    },
  ])
  const { rules } = await mesh.as('viewer').access.hits({ range: { lastMs: 3_600_000 } })
  expect(rules).toEqual({ readers: { hits: {}, unusedSince: expect.any(Number) } })
  const remove = (resourceVersion: string) => operator.access.remove({ name: 'readers', resourceVersion })
  expect((await refusal(remove(made.resourceVersion))).code).toBe('stale')
  await remove(edited.resourceVersion)
  expect((await refusal(remove(edited.resourceVersion))).code).toBe('not_found')
})

// Two people who make a rule of one name at once: exactly one does, and the other learns whose it is. What both read
// before says of no rule; the mesh's lock decides.
test('of two who make one rule, one is refused', async () => {
  const made = await Promise.allSettled(
    (['Allow', 'Deny'] as const).map((action) =>
      mesh.as('operator', action).access.save({ rule: rule('twins', action), resourceVersion: null }),
    ),
  )
  expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const winner = made[0]?.status === 'fulfilled' ? 'Allow' : 'Deny'
  const { rows } = await mesh.as('viewer').access.rules({})
  const row = rows.find(({ rule: { metadata } }) => metadata.name === 'twins')
  expect([row?.rule.spec.action, row?.lastChange?.actor]).toEqual([winner, winner])
  // The same through documents, for whoever makes other resources.
  const absent = [{ kind: 'Service' as const, name: 'catalog' }]
  expect((await refusal(mesh.as('admin').config.put({ documents: [service('catalog')], absent }))).code).toBe('stale')
})

// The version that an edit answers is its own, also where somebody was quick to change the resource again: handed back,
// it must be refused, or that other edit would be overwritten unseen.
test('an edit answers its own version, not a later one', async () => {
  const revisionOf = (output: { revision: number | null }) => String(output.revision)
  const made = await mesh.as('operator').access.save({ rule: rule('quick'), resourceVersion: null })
  expect(made.resourceVersion).toBe(revisionOf(made))
  const held = mesh.console.mesh.current
  // Whoever reads the mesh from here on finds somebody else's edit in it.
  mesh.console.mesh.current = async () => {
    const { resource, version } = (await held()).rules.get('quick') ?? {}
    const spec = { ...rule('quick').spec, mode: 'audit' }
    const metadata = { name: 'quick', resourceVersion: String(version) }
    if (resource?.spec.action === 'Deny')
      await mesh.as('admin').config.put({ documents: [{ ...rule('quick'), metadata, spec }] })
    return held()
  }
  try {
    const edit = await mesh
      .as('operator')
      .access.save({ rule: rule('quick', 'Deny'), resourceVersion: made.resourceVersion })
    expect(edit.resourceVersion).toBe(revisionOf(edit))
    const same = await mesh.as('operator').access.save({ rule: rule('quick', 'Deny'), resourceVersion: '1' })
    expect(same).toMatchObject({ revision: null, resourceVersion: edit.resourceVersion })
  } finally {
    mesh.console.mesh.current = held
  }
})

// A revision is a whole number: half of one is a mistake of the caller, told as one.
test('a revision that is none is refused in words', async () => {
  await expect(mesh.as('operator').changes.revert({ revision: 1.5 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(mesh.as('viewer').changes.list({ before: 1.5, limit: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

// Names that are properties of every object in JavaScript are names like any other.
test('hostile names stay data', async () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const { code } = await refusal(
      mesh.as('operator').traffic.setWeights({ route: name, rule: name, resourceVersion: '1', weights: weights(1, 1) }),
    )
    expect(code).toBe('not_found')
    expect((await refusal(mesh.as('viewer').config.get({ kind: 'HTTPRoute', name }))).code).toBe('not_found')
  }
  const polluted = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}')
  const output = await mesh.as('admin').config.put({ documents: [polluted] })
  expect(output.revision).toBe(null)
  expect(output.mistakes.length).toBeGreaterThan(0)
  expect(Reflect.get({}, 'polluted')).toBe(undefined)
})
