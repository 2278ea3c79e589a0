import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { DatabasePulse } from './databasePulse.ts'

const PATIENCE_MS = 20
function beBusy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

// A large page can keep the process busy for longer than the patience: the answer came, and nobody had read it yet.
test('a process that was busy does not take the database for silent', async () => {
  await using pulse = new DatabasePulse({ ping: () => turn(), patienceMs: PATIENCE_MS })
  // From here on timers come before whatever was asked.
  await turn()
  const beats = pulse.beats()
  beBusy(3 * PATIENCE_MS)
  expect(await beats).toBe(true)
  expect(pulse.isSilent).toBe(false)
})

test('a database that does not answer is silent after the patience', async () => {
  let answer: (() => void) | undefined
  const ping = () => new Promise<void>((resolve) => (answer = resolve))
  await using pulse = new DatabasePulse({ ping, patienceMs: PATIENCE_MS })
  expect(await pulse.beats()).toBe(false)
  expect(pulse.isSilent).toBe(true)
  answer?.()
})
