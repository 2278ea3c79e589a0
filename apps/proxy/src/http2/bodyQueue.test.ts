// What goes in comes out in its order, whatever is joined on the way, and small pieces do not keep the chunks they came in.
import { seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { BodyQueue } from './bodyQueue.ts'

test('any pieces, taken anyhow', () => {
  const random = seededRandom(6)
  const queue = new BodyQueue()
  const given: Buffer[] = []
  const views: Buffer[] = []
  for (let i = 0; i < 20_000; i++) {
    if (random() < 0.6) {
      const piece = Buffer.alloc(1 + Math.floor(random() * (random() < 0.8 ? 20 : 6_000)))
      piece.fill(i & 0xff)
      given.push(Buffer.from(piece))
      queue.add(piece)
    } else if (queue.first !== undefined) {
      const { first, sent } = queue
      const length = Math.min(first.length - sent, 1 + Math.floor(random() * 3_000))
      views.push(first.subarray(sent, sent + length))
      queue.take(length)
    }
  }
  // All views are looked at last: what was taken is the socket's, and later pieces are not written over it.
  const taken = Buffer.concat(views)
  expect(taken.length).toBeGreaterThan(100_000)
  expect(taken.equals(Buffer.concat(given).subarray(0, taken.length))).toBe(true)
})

test('octets that wait are joined', () => {
  const queue = new BodyQueue()
  const chunk = Buffer.alloc(65_536, 'x')
  for (let i = 0; i < 65_536; i++) queue.add(chunk.subarray(i, i + 1))
  const pieces: number[] = []
  const kept = new Set<ArrayBufferLike>()
  for (let piece = queue.first; piece !== undefined; piece = queue.first) {
    pieces.push(piece.length)
    kept.add(piece.buffer)
    queue.take(piece.length)
  }
  expect(pieces).toEqual([1, 1_024, 2_048, 4_096, 8_192, 16_384, 16_384, 16_384, 1_023])
  expect(sumOf(kept)).toBeLessThan(2.5 * 65_536)
})

// Whoever sends decides by its timing what one read gives: no such timing makes what waits cost a multiple of what it is.
test.each([1, 100, 1_025, 4_096])('large pieces with one of %d octets between them', (small) => {
  const queue = new BodyQueue()
  let bytes = 0
  for (let i = 0; i < 50; i++)
    for (const length of [4_097, small]) {
      queue.add(Buffer.from(new Uint8Array(length).buffer))
      bytes += length
    }
  const kept = new Set<ArrayBufferLike>()
  for (let piece = queue.first; piece !== undefined; piece = queue.first) {
    kept.add(piece.buffer)
    queue.take(piece.length)
  }
  expect(sumOf(kept)).toBeLessThan(1.3 * bytes)
})

const sumOf = (memory: ReadonlySet<ArrayBufferLike>): number =>
  [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0)
