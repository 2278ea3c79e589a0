import { PassThrough, type Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { ReplayBody } from './replayBody.ts'

async function read(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function body(limit: number): { source: PassThrough; body: ReplayBody; counted: () => number; invited: () => number } {
  const source = new PassThrough()
  let bytes = 0
  let invitations = 0
  return {
    source,
    body: new ReplayBody(
      source,
      limit,
      () => invitations++,
      (n) => {
        bytes += n
      },
    ),
    counted: () => bytes,
    invited: () => invitations,
  }
}

// Each attempt reads the whole, wherever the one before had stopped, and each byte is counted once.
test('a second attempt reads from the start', async () => {
  const { source, body: kept, counted, invited } = body(100)
  const first = kept.open()
  source.write('one,')
  await new Promise((resolve) => first.once('readable', resolve))
  expect(first.read().toString()).toBe('one,')
  first.destroy()
  const second = kept.open()
  source.end('two')
  expect(await read(second)).toBe('one,two')
  expect(await read(kept.open())).toBe('one,two')
  expect([counted(), invited(), kept.isLost]).toEqual([7, 1, false])
})

// An attempt that never read anything costs nothing: the next one gets all of it.
test('an attempt that failed before it read', async () => {
  const { source, body: kept, invited } = body(100)
  kept.open().destroy()
  expect(invited()).toBe(0)
  source.end('all')
  expect(await read(kept.open())).toBe('all')
})

// Beyond the limit the body streams on, once.
test('a body that is larger than is kept', async () => {
  const { source, body: kept } = body(5)
  const attempt = kept.open()
  source.write('12345')
  source.end('6')
  expect(await read(attempt)).toBe('123456')
  expect(kept.isLost).toBe(true)
  expect(() => kept.open()).toThrow()
})

// A caller that breaks off its body breaks the attempt: what was read is never taken for the whole.
test('a body that breaks off', async () => {
  const { source, body: kept } = body(100)
  const attempt = kept.open()
  source.write('half')
  setImmediate(() => source.destroy())
  await expect(read(attempt)).rejects.toThrow('broke off')
})

// The next attempt gets every byte, also where the one before was still reading when it began, as after an answer that
// came before the body was there: a body that lacks a part in the middle would be taken for whole.
test('an attempt that begins while the one before is reading', async () => {
  const { source, body: kept } = body(1_000)
  const first = kept.open()
  first.on('data', () => {})
  source.write('one,')
  await new Promise((resolve) => setImmediate(resolve))
  const second = kept.open()
  source.write('two,')
  await new Promise((resolve) => setImmediate(resolve))
  source.end('three')
  expect(await read(second)).toBe('one,two,three')
  expect(first.destroyed && !first.readableEnded).toBe(true)
})

// Between two attempts nothing is taken from the caller, so that what can be sent again now can be sent again then.
test('between attempts the source waits', async () => {
  const { source, body: kept } = body(8)
  kept.open().on('data', () => {})
  source.write('one,')
  await new Promise((resolve) => setImmediate(resolve))
  kept.endAttempt()
  source.write('much more than is kept')
  await new Promise((resolve) => setImmediate(resolve))
  expect(kept.isLost).toBe(false)
  const second = kept.open()
  source.end()
  expect(await read(second)).toBe('one,much more than is kept')
})

// When the call is over nobody takes what came until then for the whole: not an attempt, not a copy.
test('a body that is stopped has no end', async () => {
  const { source, body: kept } = body(1_000)
  let whole: Buffer | undefined
  kept.onWhole((bytes) => {
    whole = bytes
  })
  const attempt = kept.open()
  attempt.on('data', () => {})
  source.write('one,')
  await new Promise((resolve) => setImmediate(resolve))
  kept.stop()
  source.end('two')
  source.resume()
  await new Promise((resolve) => source.once('close', resolve))
  expect([attempt.readableEnded, attempt.destroyed, whole]).toEqual([false, true, undefined])
})
