import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readBody } from '../forward/testBody.ts'
import type { RequestBody } from '../forward/upstream.ts'
import { IncomingBody } from '../listen/incomingBody.ts'
import { ReplayBody } from './replayBody.ts'

interface Tested {
  source: IncomingBody
  body: ReplayBody
  /** As a caller that sends no faster than its body is taken. */
  send(...pieces: string[]): Promise<void>
  counted(): number
  invited(): number
}

function body(limit: number): Tested {
  let bytes = 0
  let invitations = 0
  const waiting: string[] = []
  const push = (): void => {
    while (source.isWanted) {
      const piece = waiting.shift()
      if (piece === undefined) return
      source.add(Buffer.from(piece))
    }
  }
  const source = new IncomingBody(push)
  const kept = new ReplayBody(
    source,
    limit,
    () => invitations++,
    (n) => {
      bytes += n
    },
  )
  const send = (...pieces: string[]): Promise<void> => {
    waiting.push(...pieces)
    push()
    return nextTurn()
  }
  return { source, body: kept, send, counted: () => bytes, invited: () => invitations }
}

/** Reads what there is, and wants no more after `pieces` of it. */
function readSome(from: RequestBody, pieces = Number.POSITIVE_INFINITY): { text: string; isOver: boolean } {
  const seen = { text: '', isOver: false, pieces: 0 }
  from.read({
    data: (chunk) => {
      seen.text += chunk.toString()
      return ++seen.pieces < pieces
    },
    end: () => {
      seen.isOver = true
    },
    broke: () => {
      seen.text += ' broke'
    },
  })
  return seen
}

// Each attempt reads the whole, wherever the one before had stopped, and each byte is counted once.
test('a second attempt reads from the start', async () => {
  const { source, body: kept, send, counted, invited } = body(100)
  const first = kept.open()
  const seen = readSome(first, 1)
  await send('one,', 'two')
  expect(seen.text).toBe('one,')
  first.abort()
  const second = readBody(kept.open())
  await nextTurn()
  source.end([])
  expect(await second).toBe('one,two')
  expect(await readBody(kept.open())).toBe('one,two')
  expect([counted(), invited(), kept.isLost]).toEqual([7, 1, false])
})

// An attempt that never read anything costs nothing: the next one gets all of it.
test('an attempt that failed before it read', async () => {
  const { source, body: kept, send, invited } = body(100)
  kept.open().abort()
  expect(invited()).toBe(0)
  const read = readBody(kept.open())
  await send('all')
  source.end([])
  expect(await read).toBe('all')
})

// Beyond the limit the body streams on, once.
test('a body that is larger than is kept', async () => {
  const { source, body: kept, send } = body(5)
  const read = readBody(kept.open())
  await send('12345', '6')
  source.end([])
  expect(await read).toBe('123456')
  expect(kept.isLost).toBe(true)
  expect(() => kept.open()).toThrow()
})

// Whoever wants no more for now gets the rest in its order when it does, also of what is not kept.
test.each([100, 5])('an attempt that waits, %s octets kept', async (limit) => {
  const { source, body: kept } = body(limit)
  const attempt = kept.open()
  let isHeld = true
  const read = readBody(attempt, () => !isHeld)
  for (const piece of ['1234', '5678', '9']) source.add(Buffer.from(piece))
  source.end([])
  isHeld = false
  attempt.resume()
  expect(await read).toBe('123456789')
})

// A caller that breaks off its body breaks the attempt: what was read is never taken for the whole.
test('a body that breaks off', async () => {
  const { source, body: kept, send } = body(100)
  const attempt = readBody(kept.open())
  await send('half')
  source.broke()
  await expect(attempt).rejects.toThrow('broke off')
  await expect(readBody(kept.open())).rejects.toThrow('broke off')
})

// The next attempt gets every byte, also where the one before was still reading when it began, as after an answer that
// came before the body was there: a body that lacks a part in the middle would be taken for whole.
test('an attempt that begins while the one before is reading', async () => {
  const { source, body: kept, send } = body(1_000)
  const first = readBody(kept.open())
  await send('one,')
  const second = kept.open()
  await expect(first).rejects.toThrow('broke off')
  await send('two,')
  const read = readBody(second)
  await send('three')
  source.end([])
  expect(await read).toBe('one,two,three')
})

// Between two attempts nothing is taken from the caller, so that what can be sent again now can be sent again then.
test('between attempts the source waits', async () => {
  const { source, body: kept, send } = body(8)
  const first = readSome(kept.open())
  await send('one,')
  kept.endAttempt()
  await send('much more than is kept')
  expect([first.text, kept.isLost]).toEqual(['one, broke', false])
  const read = readBody(kept.open())
  source.end([])
  expect(await read).toBe('one,much more than is kept')
})

// When the call is over nobody takes what came until then for the whole: not an attempt, not a copy.
test('a body that is stopped has no end', async () => {
  const { source, body: kept, send } = body(1_000)
  let whole: Buffer | undefined
  kept.onWhole((bytes) => {
    whole = bytes
  })
  const attempt = readSome(kept.open())
  await send('one,')
  kept.stop()
  await send('two')
  source.end([])
  expect([attempt, whole]).toMatchObject([{ text: 'one, broke', isOver: false }, undefined])
})
