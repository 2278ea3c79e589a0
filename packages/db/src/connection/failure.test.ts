import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { openDatabase } from './database.ts'
import { isAboutTheData, isConnectionFailure } from './failure.ts'

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable('it succeeded'),
    (error: unknown) => error,
  )

// A server that nobody answers for is away, whether it was asked through Prisma or not.
test('an unreachable server is a connection failure', async () => {
  await using away = await openDatabase({ url: 'postgresql://nobody:x@127.0.0.1:1/x', applicationName: 'test' })
  for (const work of [away.ping(), away.transaction((tx) => tx.mesh.count()), away.prisma.mesh.count()]) {
    const error = await failureOf(work)
    expect([isConnectionFailure(error), isAboutTheData(error)]).toEqual([true, false])
  }
})

// A connection that the server ends is one too; a busy pool and a refused statement are not.
test('broken, busy and refused are told apart', async () => {
  await using database = await createTestDatabase()
  const ended = await failureOf(database.db.pool.query('SELECT pg_terminate_backend(pg_backend_pid())'))
  expect(isConnectionFailure(ended)).toBe(true)
  await using small = await openDatabase({ url: database.url, applicationName: 'test', maxConnections: 1 })
  const client = await small.pool.connect()
  small.pool.options.connectionTimeoutMillis = 50
  const busy = await failureOf(small.pool.query('SELECT 1'))
  client.release()
  expect([isConnectionFailure(busy), isAboutTheData(busy)]).toEqual([false, false])
  const refused: unknown[] = []
  for (const sql of ["SELECT 'x'::int", 'SELECT * FROM nothing', 'SELECT 1/0'])
    refused.push(await failureOf(database.db.pool.query(sql)))
  expect(refused.map(isConnectionFailure)).toEqual([false, false, false])
  expect(refused.map(isAboutTheData)).toEqual([true, false, true])
})
