import type { Database } from '@heddle/db'
import { createTestDatabase } from '@heddle/db/testing'
import type { MetricsPayload } from '@heddle/shared/wire/metrics'
import { eventually } from '@heddle/testkit/eventually'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { MetricsIngest } from './ingest.ts'
import { LiveWindow } from './liveWindow.ts'
import { SeriesCap } from './seriesCap.ts'
import { payload, routeRow } from './testRows.ts'

function ingestOf(db: Database, maxQueuedRows?: number) {
  const failures: string[] = []
  const acknowledged: string[] = []
  const live = new LiveWindow()
  const ingest = new MetricsIngest(
    {
      db,
      controlId: 'control',
      clock: new FakeClock(Date.now()),
      log: () => {},
      live,
      series: new SeriesCap(),
      mesh: { isService: () => true, ruleTarget: () => undefined },
      onFailed: () => failures.push('away'),
    },
    maxQueuedRows,
  )
  const submit = (instance: string, sequence: number, parts: Partial<MetricsPayload> = {}) =>
    ingest.submit({ instance, service: 'web' }, 0, payload({ sequence, ...parts }), () =>
      acknowledged.push(`${instance}/${sequence}`),
    )
  return { ingest, submit, failures, acknowledged }
}
const rows = (route: string) => ({ routes: [routeRow({ route, requests: 1 })] })

// One report that the database cannot store is refused alone: the others' are written, nobody waits for ever, and the
// database is not taken for one that is away.
test('a report that cannot be stored keeps nobody else from being written', async () => {
  await using database = await createTestDatabase()
  const { ingest, submit, failures, acknowledged } = ingestOf(database.db)
  // Larger than a row of an index can be: "program limit exceeded" (54000). The wire's schema refuses it before.
  const huge = Array.from({ length: 512 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000))).join('')
  for (const n of [1, 2, 3, 4, 5]) submit(`web-${n}`, 1, rows(n === 4 ? huge.repeat(6) : 'default'))
  await eventually('all answers', () => (acknowledged.length === 5 ? true : undefined))
  expect(ingest.counters).toMatchObject({ committed: 4, rejected: 1 })
  expect(failures).toEqual([])
  await ingest.close()
})

// A report that was deferred and then dropped by its proxy does not keep the later ones out for ever.
test('reports are taken again after a deferred one was dropped', async () => {
  await using database = await createTestDatabase()
  const { ingest, submit, acknowledged } = ingestOf(database.db, 3)
  submit('other', 1, { routes: [routeRow({}), routeRow({}), routeRow({})] })
  for (const sequence of [5, 6, 7]) submit('web', sequence, rows('default'))
  expect(ingest.counters.deferred).toBe(3)
  await eventually('room', () => (acknowledged.includes('other/1') ? true : undefined))
  // Still on its way behind the deferred one: taken now, it would make 5 look like a repetition.
  submit('web', 8, rows('default'))
  expect(ingest.counters.deferred).toBe(4)
  // Sent again from the oldest on, which is 6 by now.
  for (const sequence of [6, 7, 8]) submit('web', sequence, rows('default'))
  await eventually('the answers', () => (acknowledged.length === 4 ? true : undefined))
  expect(ingest.counters).toMatchObject({ committed: 4, deferred: 4 })
  await ingest.close()
})

// A proxy that reconnects begins with its oldest report: nothing is waited for that it does not have any more.
test('a reconnected proxy is not held to what was deferred before', async () => {
  await using database = await createTestDatabase()
  const { ingest, submit, acknowledged } = ingestOf(database.db, 2)
  submit('other', 1, { routes: [routeRow({}), routeRow({})] })
  submit('web', 5, rows('default'))
  await eventually('room', () => (acknowledged.includes('other/1') ? true : undefined))
  ingest.reconnected('web')
  submit('web', 9, rows('default'))
  await eventually('the answer', () => (acknowledged.includes('web/9') ? true : undefined))
  await ingest.close()
})
