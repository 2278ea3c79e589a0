import { expect, test } from 'vitest'
import { applyDocuments, deleteResource } from '../changes/changes.ts'
import { revoke } from '../registry/revocations.ts'
import { createTestDatabase } from '../testing.ts'
import { currentRevision, loadConfig, loadMesh } from './mesh.ts'
import { loadMeshSince } from './meshSince.ts'

const actor = 'ada'
const service = (name: string) => ({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name } })

// What a control plane is told of since its revision, added to what it had, is what reading everything gives.
test('the difference since a revision is the difference', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await applyDocuments(db, { actor, documents: [service('a'), service('b')] })
  const base = await loadMesh(db)
  await applyDocuments(db, { actor, documents: [service('c')] })
  await deleteResource(db, { actor, ref: { kind: 'Service', name: 'a' } })
  await revoke(db, { kind: 'service', name: 'b', reason: 'x', actor })
  const since = await loadMeshSince(db, base, { withMembership: false })
  const now = await loadMesh(db)
  expect(since).toMatchObject({
    revision: now.revision,
    deleted: [{ kind: 'Service', name: 'a' }],
    instances: null,
    membership: [],
  })
  expect(since?.names?.map((row) => row.name).sort()).toEqual(now.names.map((row) => row.name))
  expect(since?.revocations).toEqual(now.revocations)
  const kept = base.resources.filter(({ resource }) => resource.metadata.name !== 'a')
  expect([...kept, ...(since?.resources ?? [])]).toEqual(now.resources)
  expect(await loadMeshSince(db, { ...base, epoch: base.epoch + 1 }, { withMembership: false })).toBeNull()
  expect(await loadMeshSince(db, { ...base, revision: 99 }, { withMembership: false })).toBeNull()
})

// A reader sees a change whole: its revision and all of its resources, or neither.
test('a snapshot holds no half of a change', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const writes = (async () => {
    for (let n = 0; n < 10; n++) await applyDocuments(db, { actor, documents: [service(`a${n}`), service(`b${n}`)] })
  })()
  for (let n = 0; n < 20; n++) {
    const { revision, resources } = await loadConfig(db)
    expect(resources).toHaveLength(2 * revision)
  }
  await writes
  expect((await currentRevision(db)).revision).toBe(10)
})
