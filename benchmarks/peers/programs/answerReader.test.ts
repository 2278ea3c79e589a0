import { expect, test } from 'vitest'
import { AnswerReader } from './answerReader.ts'

const ANSWER = 'HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 5\r\n\r\nhello'

test('an answer is whole however it is cut', () => {
  for (let cut = 1; cut < ANSWER.length; cut++) {
    const reader = new AnswerReader()
    expect(reader.read(Buffer.from(ANSWER.slice(0, cut)))).toBe(0)
    expect(reader.read(Buffer.from(ANSWER.slice(cut)))).toBe(200)
    expect(reader.read(Buffer.from('HTTP/1.1 503 No\r\ncontent-length:0\r\n\r\n'))).toBe(503)
  }
})

// A generator that lost count would tell times of other answers.
test('what it cannot tell apart is an error', () => {
  expect(() => new AnswerReader().read(Buffer.from(`${ANSWER}!`))).toThrow('more came')
  expect(() => new AnswerReader().read(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow('Content-Length')
})
