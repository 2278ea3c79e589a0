import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { SchemaGate, type SchemaState } from './schemaGate.ts'

const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

// Until the database is the one that this console was built for, nothing is served, and the reason says what to do.
test('the gate opens when the schema is current and says why not before', async () => {
  const clock = new FakeClock()
  const answers: (SchemaState | Error)[] = [away, 'behind', 'ahead', 'current']
  let asked = 0
  const gate = new SchemaGate(
    async () => {
      const answer = answers[asked++] ?? 'current'
      if (answer instanceof Error) throw answer
      return answer
    },
    clock,
    () => {},
  )
  const next = async () => {
    clock.advance(1_000)
    return (await gate.check()).reason
  }
  expect(await next()).toBe('The database does not answer.')
  expect((await gate.check()).ready).toBe(false)
  expect(asked).toBe(1)
  expect(await next()).toContain('not migrated yet')
  expect(await next()).toContain('newer Heddle')
  expect(await next()).toBe(null)
  await next()
  expect(asked).toBe(4)
  gate.doubt()
  await next()
  expect(asked).toBe(5)
})
