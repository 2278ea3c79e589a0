import { expect, test } from 'vitest'
import { cpuMicros, memoryOf, readMemory, runTimeOf } from './accounting.ts'

test('the first number of a schedstat is the time on a processor', () => {
  expect(runTimeOf('908863 48225 1\n')).toBe(908_863)
})

test('memory comes from the roll-up, in megabytes', () => {
  const rollup =
    '556ab827b000-7ffd0c6f9000 ---p 00000000 00:00 0 [rollup]\nRss:  2048 kB\nPss:   512 kB\nPss_Dirty: 1 kB\n'
  expect(memoryOf(rollup)).toEqual({ rssMb: 2, pssMb: 0.5 })
  expect(memoryOf('').pssMb).toBeNaN()
})

// The kernel's own books of this very process: the time goes up as it works, and a process that is gone has none.
test.skipIf(process.platform !== 'linux')('real processes', () => {
  const before = cpuMicros([process.pid])
  let sum = 0
  for (let i = 0; i < 2e7; i++) sum += i % 7
  expect(sum).toBeGreaterThan(0)
  expect(cpuMicros([process.pid])).toBeGreaterThan(before)
  expect(cpuMicros([2 ** 30])).toBe(0)
  expect(readMemory([process.pid]).rssMb).toBeGreaterThan(readMemory([process.pid]).pssMb / 2)
})
