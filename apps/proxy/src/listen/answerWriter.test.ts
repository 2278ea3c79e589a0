// A body that comes in many pieces, and what of it is a write to the socket.
import { setImmediate as endOfTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type AnswerChannel, AnswerWriter } from './answerWriter.ts'

const HEAD = 'HTTP/1.1 200 OK\r\n\r\n'

function channel() {
  const state = { writes: [] as string[], takes: true, answered: 0, drained: () => {} }
  const made: AnswerChannel = {
    write: (pieces) => {
      state.writes.push(pieces.map((piece) => piece.toString('latin1')).join(''))
      return state.takes
    },
    onDrain: (listener) => {
      state.drained = listener
    },
    answered: () => {
      state.answered++
    },
    abort: () => {},
  }
  const writer = new AnswerWriter(made, { text: HEAD, body: { kind: 'length', length: 200_000 }, keepsAlive: true })
  return { state, writer }
}

const piece = (text: string, length = 1): Buffer => Buffer.from(text.repeat(length))

test('what comes in one turn leaves in one write, and what is there when the head goes leaves with it', async () => {
  const { state, writer } = channel()
  writer.write(piece('a'))
  writer.flush()
  writer.write(piece('b'))
  expect(state.writes).toEqual([])
  await endOfTurn()
  expect(state.writes).toEqual([`${HEAD}ab`])
  writer.write(piece('c'))
  writer.write(piece('d'))
  expect(state.writes).toHaveLength(1)
  await endOfTurn()
  expect(state.writes).toEqual([`${HEAD}ab`, 'cd'])
  writer.write(piece('e'))
  await endOfTurn()
  expect(state.writes.at(-1)).toBe('e')
})

// An answer that is all there in the turn in which its head came costs one write, and one without a body waits for nothing.
test('a whole answer leaves in one write, at once', () => {
  const { state, writer } = channel()
  writer.flush()
  writer.write(piece('a', 200_000).subarray(0, 60_000))
  writer.write(piece('a', 140_000))
  writer.end([])
  expect(state.writes.join('')).toHaveLength(HEAD.length + 200_000)
  expect(state.writes).toHaveLength(1)
})

test('more than 64 KiB does not wait for the end of the turn', () => {
  const { state, writer } = channel()
  writer.flush()
  writer.write(piece('a', 40_000))
  expect(state.writes).toEqual([])
  writer.write(piece('b', 40_000))
  expect(state.writes[0]).toHaveLength(HEAD.length + 80_000)
})

test('a channel that is full after the turn stops the next piece, until it has drained', async () => {
  const { state, writer } = channel()
  let drained = 0
  writer.onDrain(() => drained++)
  writer.flush()
  state.takes = false
  expect(writer.write(piece('a'))).toBe(true)
  await endOfTurn()
  expect(writer.write(piece('b'))).toBe(false)
  state.takes = true
  state.drained()
  expect(drained).toBe(1)
  expect(writer.write(piece('c'))).toBe(true)
})

// Whoever waits for a drain that came before it was waited for would wait for ever.
test('a channel that drains before the next piece stops nothing', async () => {
  const { state, writer } = channel()
  writer.onDrain(() => {})
  writer.flush()
  state.takes = false
  writer.write(piece('a'))
  await endOfTurn()
  state.takes = true
  state.drained()
  expect(writer.write(piece('b'))).toBe(true)
})

test('after the end and after a break nothing more is written', async () => {
  const whole = channel()
  whole.writer.flush()
  for (let i = 0; i < 4; i++) whole.writer.write(piece('x', 50_000))
  whole.writer.end([])
  const writes = whole.state.writes.length
  await endOfTurn()
  expect([whole.state.writes.length, whole.state.writes.join('').length]).toEqual([writes, HEAD.length + 200_000])
  expect(whole.state.answered).toBe(1)

  const broken = channel()
  broken.writer.flush()
  broken.writer.write(piece('x'))
  broken.writer.abort()
  await endOfTurn()
  expect(broken.state.writes).toEqual([])
})
