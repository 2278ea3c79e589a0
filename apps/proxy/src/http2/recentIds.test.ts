// The newest are known, and no more of them than a bound, however many a peer has us reset.
import { expect, test } from 'vitest'
import { RecentIds } from './recentIds.ts'

test('the oldest are forgotten', () => {
  const ids = new RecentIds()
  for (let id = 1; id <= 20_001; id += 2) ids.add(id)
  expect([ids.has(20_001), ids.has(16_003), ids.has(12_001), ids.has(1)]).toEqual([true, true, false, false])
})
