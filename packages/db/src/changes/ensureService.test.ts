import { expect, test } from 'vitest'
import { loadMesh } from '../configuration/mesh.ts'
import { NameClashError } from '../errors.ts'
import { createTestDatabase } from '../testing.ts'
import { ensureService } from './ensureService.ts'
import { listChanges } from './history.ts'

// Joining makes the Service and the derived name once, however many join at the same time, and refuses a clash.
test('joins make services and refuse clashing names', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const join = (name: string, version: string) =>
    db.transaction((tx) => ensureService(tx, { service: name, version, actor: 'join' }))
  const results = await Promise.all([1, 2, 3, 4].map(() => join('catalog', 'v2')))
  expect(results.filter((result) => result.created)).toHaveLength(1)
  expect(await listChanges(db, { limit: 10 })).toMatchObject([{ kind: 'join', revertable: false }])
  expect((await loadMesh(db)).names).toEqual([
    { name: 'catalog', service: 'catalog', version: null },
    { name: 'catalog-v2', service: 'catalog', version: 'v2' },
  ])
  await expect(join('catalog-v2', 'v1')).rejects.toThrow(NameClashError)
  await join('a-b', 'c')
  await expect(join('a', 'b-c')).rejects.toThrow('would be called "a-b-c"')
  await join('x-v1', 'v9')
  await expect(join('x', 'v1')).rejects.toThrow('a service of its own')
  await expect(join('public', 'v1')).rejects.toThrow(NameClashError)
})
