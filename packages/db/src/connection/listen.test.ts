import { expect, test, vi } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { openDatabase } from './database.ts'
import { listen } from './listen.ts'

// A listener whose connection is cut comes back by itself, says so both times, and then hears again.
test('a listener comes back', async () => {
  await using database = await createTestDatabase()
  const heard: string[] = []
  const events: string[] = []
  await using listener = await listen(database.url, 'some channel', {
    onNotify: (payload) => heard.push(payload),
    onConnect: () => events.push('up'),
    onDisconnect: () => events.push('down'),
  })
  expect(listener.connected).toBe(true)
  await database.db.pool.query(`SELECT pg_notify('some channel', 'one')`)
  await vi.waitFor(() => expect(heard).toEqual(['one']))
  await database.db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'heddle listen some channel' AND datname = current_database()`,
  )
  await vi.waitFor(() => expect(events).toEqual(['up', 'down', 'up']), { timeout: 10_000 })
  await database.db.pool.query(`SELECT pg_notify('some channel', 'two')`)
  await vi.waitFor(() => expect(heard).toEqual(['one', 'two']))
})

// A server that is away at the start is not an error: the listener keeps trying, and ends when it is told to.
test('a listener without a server', async () => {
  const down: string[] = []
  const listener = await listen('postgresql://nobody:x@127.0.0.1:1/x', 'c', {
    onNotify: () => {},
    onConnect: () => {},
    onDisconnect: (error) => down.push(error.message),
  })
  expect(listener.connected).toBe(false)
  expect(down).toHaveLength(1)
  await listener[Symbol.asyncDispose]()
})

// A transaction that throws leaves nothing behind, and an unreachable server is an error within seconds, not a hang.
test('transactions and unreachable servers', async () => {
  await using database = await createTestDatabase()
  const failing = database.db.transaction(async (tx) => {
    await tx.mesh.update({ where: { id: 1 }, data: { revision: 5 } })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect((await database.db.prisma.mesh.findUniqueOrThrow({ where: { id: 1 } })).revision).toBe(0n)
  await using away = await openDatabase({ url: 'postgresql://nobody:x@127.0.0.1:1/x', applicationName: 'test' })
  await expect(away.ping()).rejects.toThrow('ECONNREFUSED')
})
