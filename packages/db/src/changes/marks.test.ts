import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { audit } from './audit.ts'
import { applyDocuments } from './changes.ts'
import { listMarks } from './marks.ts'

const service = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'Service',
  metadata: { name, labels },
})
const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'catalog' },
  spec: { parentRefs: [{ kind: 'Service', name: 'catalog' }], rules: [{ name: 'all' }] },
}

// A mark is a change without its items: every condition leaves out just those changes that it is about.
test('changes are found by what they are about', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  await applyDocuments(db, { actor: 'ana', documents: [service('catalog'), service('cart')] })
  await applyDocuments(db, { actor: 'bo', documents: [route] })
  await db.transaction((tx) => audit(tx, { actor: 'cy', kind: 'token', summary: 'a token' }))
  await applyDocuments(db, { actor: 'di', documents: [service('cart', { owner: 'shop' })] })

  const actors = async (query: Omit<Parameters<typeof listMarks>[1], 'limit'>, limit = 10) =>
    (await listMarks(db, { limit, ...query })).map(({ actor }) => actor)
  expect(await actors({})).toEqual(['di', 'cy', 'bo', 'ana'])
  expect(await actors({ kinds: ['apply'] }, 2)).toEqual(['di', 'bo'])
  expect(await actors({ service: 'catalog' })).toEqual(['bo', 'ana'])
  expect(await actors({ service: 'catalog', hasRoute: true })).toEqual(['bo'])
  expect(await actors({ revisions: [1, 1, 4, 99] })).toEqual(['di', 'ana'])
  const [newest, , , oldest] = await listMarks(db, { limit: 10 })
  expect(oldest).toEqual({ revision: 1, at: expect.any(Number), actor: 'ana', summary: expect.any(String) })
  expect(await actors({ to: (oldest?.at ?? 0) - 1 })).toEqual([])
  expect(await actors({ from: newest?.at })).toContain('di')
})
