import { Client } from 'pg'
import { expect, test } from 'vitest'
import { currentRevision, loadConfig, loadMesh } from '../configuration/mesh.ts'
import { InvalidChangeError, NotFoundError, RevertConflictError, StaleEditError } from '../errors.ts'
import { upsertInstance, withdrawInstance } from '../registry/registry.ts'
import { createTestDatabase, startTogether } from '../testing.ts'
import { audit } from './audit.ts'
import { printedForm } from './canonicalForm.ts'
import { applyDocuments, deleteResource, diffDocuments, revertChange } from './changes.ts'
import { getChange, listChanges } from './history.ts'

const service = (name: string, spec: object = {}) => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'Service',
  metadata: { name },
  spec,
})
const route = (v1: number, v2: number) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'catalog' },
  spec: {
    parentRefs: [{ kind: 'Service', name: 'catalog' }],
    rules: [
      {
        name: 'products',
        backendRefs: [
          { name: 'catalog-v1', weight: v1 },
          { name: 'catalog-v2', weight: v2 },
        ],
      },
    ],
  },
})
const catalogRoute = { kind: 'HTTPRoute', name: 'catalog' } as const
const actor = 'ada'

// Resources, audit, revision and notification belong to one transaction: one apply is one change with all its items.
test('an apply is one change, and the control planes are told once', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const listener = new Client({ connectionString: database.url })
  await listener.connect()
  const told: string[] = []
  listener.on('notification', ({ payload }) => told.push(payload ?? ''))
  await listener.query('LISTEN heddle_config')

  const output = await applyDocuments(db, { actor, documents: [service('catalog'), route(90, 10)] })
  expect(output).toMatchObject({ revision: 1, mistakes: [], items: [{ result: 'created' }, { result: 'created' }] })
  expect(output.warnings).toHaveLength(2)
  await listener.query('SELECT 1')
  const { epoch } = await currentRevision(db)
  expect(told).toEqual([`${epoch} 1`])
  await listener.end()

  expect(await loadConfig(db)).toMatchObject({ revision: 1, resources: [{ version: 1 }, { version: 1 }] })
  const changes = await listChanges(db, { limit: 10 })
  expect(changes).toMatchObject([
    { revision: 1, actor, kind: 'apply', revertable: true, items: [{ before: null }, { before: null }] },
  ])
  expect(await listChanges(db, { limit: 10, service: 'catalog' })).toHaveLength(1)
  expect(await listChanges(db, { limit: 10, service: 'cart' })).toHaveLength(0)

  expect(await applyDocuments(db, { actor, documents: [route(90, 10)] })).toMatchObject({
    revision: null,
    items: [{ result: 'unchanged' }],
  })
  const changed = await applyDocuments(db, { actor, documents: [route(70, 30)] })
  expect(changed.revision).toBe(2)
  expect((await getChange(db, 2))?.summary).toBe('catalog/products: catalog-v1 90 → 70, catalog-v2 10 → 30')
})

// A mistake in one document, or an actor who may not change one of them, leaves everything as it was.
test('all or nothing', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const output = await applyDocuments(db, { actor, documents: [service('catalog'), { kind: 'Service' }] })
  expect(output).toMatchObject({ revision: null, items: [] })
  expect(output.mistakes.length).toBeGreaterThan(0)
  const refuse = () => {
    throw new Error('not yours')
  }
  await expect(applyDocuments(db, { actor, documents: [service('catalog')], authorize: refuse })).rejects.toThrow(
    'not yours',
  )
  expect(await loadConfig(db)).toMatchObject({ revision: 0, resources: [] })
  expect(await diffDocuments(db, { documents: [service('catalog')] })).toMatchObject({ items: [{ result: 'created' }] })
  expect(await listChanges(db, { limit: 10 })).toEqual([])
})

// What `get` printed can be edited and applied; after somebody else's edit it is refused, and that edit is shown.
test('a stale edit is refused with the other change', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await applyDocuments(db, { actor, documents: [service('catalog'), route(90, 10)] })
  const [held] = (await loadConfig(db)).resources
  if (held?.resource.kind !== 'HTTPRoute') throw new Error('the route comes first')
  await applyDocuments(db, { actor: 'grace', documents: [route(50, 50)] })
  const edit = applyDocuments(db, { actor, documents: [printedForm(held)] })
  await expect(edit).rejects.toThrow(StaleEditError)
  await expect(edit).rejects.toMatchObject({
    ref: catalogRoute,
    current: { version: 2 },
    lastChange: { revision: 2, actor: 'grace' },
  })
  await expect(deleteResource(db, { actor, ref: catalogRoute, resourceVersion: '1' })).rejects.toThrow(StaleEditError)
  await deleteResource(db, { actor, ref: catalogRoute, resourceVersion: '2' })
  await expect(applyDocuments(db, { actor, documents: [printedForm(held)] })).rejects.toMatchObject({ current: null })
})

// Membership numbers revisions too, and never makes an edit stale.
test('membership does not make an edit stale', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await applyDocuments(db, { actor, documents: [service('catalog')] })
  const [held] = (await loadConfig(db)).resources
  const member = await upsertInstance(db, instance('catalog', 'v1'))
  expect(member.revision).toBeGreaterThan(1)
  const edited =
    held &&
    printedForm({ ...held, resource: { ...held.resource, spec: { balancing: 'round-robin' } } as typeof held.resource })
  expect(await applyDocuments(db, { actor, documents: [edited] })).toMatchObject({ items: [{ result: 'changed' }] })
})

function instance(name: string, version: string) {
  return {
    instance: `${name}-${version}-1-abcd`,
    service: name,
    version,
    hostId: 'host',
    bootId: 'boot',
    inbound: { address: '127.0.0.1', port: 4143, public: null },
    outbound: 4140,
    admin: 4191,
    ready: true,
    build: 'test',
    controlId: 'control',
  }
}

// Of many editors at once, each with the version that he saw, exactly one wins; the others are told.
test('concurrent edits of one version: one wins', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await applyDocuments(db, { actor, documents: [service('catalog')] })
  const edit = (n: number) => ({
    ...service('catalog', { limits: { requestsPerSecond: n } }),
    metadata: { name: 'catalog', resourceVersion: '1' },
  })
  const edits = [1, 2, 3].map((n) => () => applyDocuments(db, { actor: `${n}`, documents: [edit(n)] }))
  const results = await startTogether(database, 'SELECT FROM mesh FOR UPDATE', edits)
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StaleEditError)
  expect((await loadConfig(db)).revision).toBe(2)
})

// Writers without a version stand in line: revisions have no gap and no repetition.
test('concurrent changes are numbered one after the other', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const outputs = await Promise.all(
    Array.from({ length: 8 }, (_, n) => applyDocuments(db, { actor, documents: [service(`s${n}`)] })),
  )
  expect(outputs.map((output) => output.revision).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

// A revert restores what was before, is a change of its own, and can be reverted.
test('revert, and revert of the revert', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const weightsNow = async () => {
    const [held] = (await loadConfig(db)).resources
    return held?.resource.kind === 'HTTPRoute' && held.resource.spec.rules[0]?.backendRefs?.map((ref) => ref.weight)
  }
  await applyDocuments(db, { actor, documents: [service('catalog'), route(90, 10)] })
  const change = await applyDocuments(db, { actor, documents: [route(70, 30)] })
  const { revision } = await revertChange(db, { actor: 'grace', revision: change.revision ?? 0 })
  expect(await weightsNow()).toEqual([90, 10])
  expect(await getChange(db, revision)).toMatchObject({
    kind: 'revert',
    reverts: 2,
    actor: 'grace',
    summary: expect.stringContaining('Reverted r2: catalog/products'),
  })
  expect(await getChange(db, 2)).toMatchObject({ revertable: false })
  await revertChange(db, { actor, revision })
  expect(await weightsNow()).toEqual([70, 30])
})

// Where somebody changed the resource since, a revert would undo his work as well: it is a conflict that shows it.
test('a revert over a later change is a conflict', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await applyDocuments(db, { actor, documents: [service('catalog'), route(90, 10)] })
  await applyDocuments(db, { actor, documents: [route(70, 30)] })
  await applyDocuments(db, { actor: 'grace', documents: [route(50, 50)] })
  const revert = revertChange(db, { actor, revision: 2 })
  await expect(revert).rejects.toThrow(RevertConflictError)
  await expect(revert).rejects.toMatchObject({
    conflicts: [{ ref: catalogRoute, lastChange: { revision: 3, actor: 'grace' } }],
  })
  // Back to what change 2 left: then there is nothing to lose.
  await revertChange(db, { actor, revision: 3 })
  await revertChange(db, { actor, revision: 2 })
})

// Reverting the creation of a Service deletes it, so the same rules hold as for a deletion.
test('a revert cannot delete what is in use', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await applyDocuments(db, { actor, documents: [service('catalog')] })
  await upsertInstance(db, instance('catalog', 'v1'))
  await expect(revertChange(db, { actor, revision: 1 })).rejects.toThrow(
    'has instances (catalog-v1-1-abcd); stop them first',
  )
  await withdrawInstance(db, 'catalog-v1-1-abcd')
  await revertChange(db, { actor, revision: 1 })
  expect(await loadMesh(db)).toMatchObject({ resources: [], names: [] })
})

// What does not exist, or is no configuration, says so.
test('what cannot be deleted or reverted', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await expect(deleteResource(db, { actor, ref: catalogRoute })).rejects.toThrow(NotFoundError)
  await expect(revertChange(db, { actor, revision: 9 })).rejects.toThrow(NotFoundError)
  const revision = await db.transaction((tx) => audit(tx, { actor, kind: 'user', summary: 'User ada created' }))
  await expect(revertChange(db, { actor, revision })).rejects.toThrow(InvalidChangeError)
  expect(await getChange(db, revision)).toMatchObject({ kind: 'user', revertable: false, items: [] })
})
