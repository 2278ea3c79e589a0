// A table of streams says what a Map would, whatever comes and goes.
import { pickOne, seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { StreamTable } from './streamTable.ts'

test('as a Map', () => {
  const random = seededRandom(19)
  const table = new StreamTable<{ id: number }>()
  const map = new Map<number, { id: number }>()
  let next = 1
  // Up to some 500 at once, and down again; some stay for long, so that many share a home.
  for (let i = 0; i < 40_000; i++) {
    if (random() < (i % 4_000 < 2_000 ? 0.6 : 0.4) || map.size === 0) {
      next += random() < 0.02 ? 2 * Math.floor(random() * 5_000) : 2
      const stream = { id: next }
      table.add(stream)
      map.set(next, stream)
    } else {
      const id = random() < 0.05 ? next + 2 : pickOne(random, [...map.keys()])
      table.delete(id)
      map.delete(id)
    }
    const asked = random() < 0.5 ? pickOne(random, [...map.keys(), 1]) : 2 * Math.floor(random() * next) + 1
    if (table.get(asked) !== map.get(asked) || table.size !== map.size) expect.fail(`${asked} after ${i}`)
    if (i % 500 === 0) expect(new Set(table.all())).toEqual(new Set(map.values()))
  }
  for (const id of map.keys()) table.delete(id)
  expect([table.size, table.all()]).toEqual([0, []])
})
