import { seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { Fifo } from './fifo.ts'

test('as an array', () => {
  const random = seededRandom(3)
  const fifo = new Fifo<number>()
  const array: number[] = []
  for (let i = 0; i < 20_000; i++) {
    // Times in which it grows, and others in which it empties.
    if (random() < (i % 2_000 < 1_000 ? 0.6 : 0.4)) {
      fifo.push(i)
      array.push(i)
    } else if (random() < 0.1) {
      const item = array[Math.floor(random() * array.length)] ?? -1
      fifo.remove(item)
      if (array.includes(item)) array.splice(array.indexOf(item), 1)
    } else expect(fifo.shift()).toBe(array.shift())
    expect(fifo.size).toBe(array.length)
  }
})
