// What the timeline tells of changes beside their words: how their services did before and after.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commitCalls, outcomes } from './metricsFixture.ts'
import { createTestConsole, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
beforeAll(async () => {
  mesh = await createTestConsole()
})
afterAll(() => mesh[Symbol.asyncDispose]())

const service = (name: string, owner: string) => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'Service',
  metadata: { name, labels: { owner } },
})

// Each change has the calls of its own services around its own time; revisions that do not exist are left out.
test('calls around changes', async () => {
  const { config, changes } = mesh.as('operator')
  const first = await config.put({ documents: [service('catalog', 'shop'), service('cart', 'shop')] })
  const second = await config.put({ documents: [service('payments', 'shop')] })
  const before = Date.now() - 5 * 60_000
  const call = (destination: string, requests: number, serverError: number) => ({
    ...{ source: 'storefront', destination, version: 'v1', route: 'default' },
    outcomes: outcomes({ requests, ok: requests - serverError, serverError, latencyMs: 3 }),
  })
  // The mesh is older than the stretch that is looked at.
  await commitCalls(mesh.console.db, before - 60 * 60_000, [call('catalog', 1, 0)])
  await commitCalls(mesh.console.db, before, [call('catalog', 90, 1), call('cart', 10, 1), call('shipping', 500, 500)])
  const revisions = [first.revision, second.revision].flatMap((revision) => revision ?? [])
  const { effects } = await changes.effects({ revisions: [...revisions, 999_999] })
  expect(effects.map(({ revision }) => revision)).toEqual(revisions.toReversed())
  expect(effects[0]).toMatchObject({ spread: null, around: null })
  expect(effects[1]?.around).toMatchObject({
    ...{ beforeMs: 600_000, isWorse: false },
    before: { requests: 100, failures: 2, successRate: 98 },
    after: { requests: 0, successRate: null },
  })
  await expect(changes.effects({ revisions: Array.from({ length: 51 }, (_, i) => i + 1) })).rejects.toThrow()
})
