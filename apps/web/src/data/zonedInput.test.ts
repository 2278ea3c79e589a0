import { expect, test } from 'vitest'
import { parseTyped, typedTime } from './zonedInput.ts'

// What is shown is what is read back, and what is no time is refused.
test.each(['utc', 'local'] as const)('times as typed, in %s', (zone) => {
  const at = Date.UTC(2026, 10, 18, 13, 32)
  expect(parseTyped(typedTime(at, zone), zone)).toBe(at)
  for (const wrong of ['', 'yesterday', '2026-02-31 10:00', '2026-11-18 25:00', '2026-11-18'])
    expect(parseTyped(wrong, zone)).toBe(null)
})

test('UTC is the same wherever one is', () => {
  expect(typedTime(Date.UTC(2026, 10, 18, 13, 32), 'utc')).toBe('2026-11-18 13:32')
  expect(parseTyped('2026-11-18T13:32', 'utc')).toBe(Date.UTC(2026, 10, 18, 13, 32))
})
