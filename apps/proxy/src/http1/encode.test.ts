import { pickOne, seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { BodyLedger } from './bodyLedger.ts'
import { chunkHeadText, lastChunkText, requestHeadText, responseHeadText, UnencodableError } from './encode.ts'
import { RequestReader } from './requestReader.ts'
import { ResponseReader } from './responseReader.ts'
import { bytesOf, LIMITS, readAll } from './testReading.ts'

const request = { method: 'GET', target: '/', host: 'a', fields: [], body: { kind: 'none' } } as const
const response = { status: 200, reason: 'OK', fields: [], body: { kind: 'none' } } as const

// What could end a line early, or frame the message a second time, is not written (CWE-113, CWE-444).
test.each([
  () => requestHeadText({ ...request, method: 'GET /x HTTP/1.1\r\n' }),
  () => requestHeadText({ ...request, method: '' }),
  () => requestHeadText({ ...request, target: '/a b' }),
  () => requestHeadText({ ...request, target: '/\r\nA: b' }),
  () => requestHeadText({ ...request, target: '' }),
  () => requestHeadText({ ...request, target: '/\u0100' }),
  () => requestHeadText({ ...request, host: 'a\r\nB: c' }),
  ...['\r', '\n', '\0', 'b\r\nc', '\x7f', '\u010d\u010a', ' b', 'b\t'].map(
    (value) => () => requestHeadText({ ...request, fields: ['a', value] }),
  ),
  ...['', 'a b', 'a:', 'a\r\n', '\u00e9', 'Content-Length', 'content-length', 'transfer-encoding', 'HOST'].map(
    (name) => () => responseHeadText({ ...response, fields: [name, '1'] }),
  ),
  () => responseHeadText({ ...response, reason: 'OK\r\nA: b' }),
  () => responseHeadText({ ...response, status: 20 }),
  () => responseHeadText({ ...response, status: 204, body: { kind: 'chunked' } }),
  () => responseHeadText({ ...response, body: { kind: 'length', length: -1 } }),
  () => responseHeadText({ ...response, body: { kind: 'length', length: 1.5 } }),
  () => requestHeadText({ ...request, body: { kind: 'until_close' } }),
  () => chunkHeadText(0),
  () => lastChunkText(['content-length', '5']),
])('refuses to write %#', (write) => {
  expect(write).toThrow(UnencodableError)
})

// A body is just as long as its head said.
test('a body is kept to its length', () => {
  const ledger = new BodyLedger({ kind: 'length', length: 5 })
  expect(ledger.piece(3)).toBe('')
  expect(() => ledger.piece(3)).toThrow(UnencodableError)
  expect(() => ledger.end([])).toThrow(UnencodableError)
  expect(() => new BodyLedger({ kind: 'none' }).piece(1)).toThrow(UnencodableError)
})

// What is written is read as what was meant, and written from that reading it is the same, octet for octet.
test('round trip', () => {
  const random = seededRandom(9)
  const names = ['accept', 'x-a', 'cookie', '__proto__', 'x~!#$%&*+^`|', 'a'.repeat(80)]
  const values = ['', 'x', 'a b\tc', '\x80\xff', 'é', ',;="', 'b'.repeat(500)]
  for (let i = 0; i < 300; i++) {
    const fields = Array.from({ length: Math.floor(random() * 8) }, () => [
      pickOne(random, names),
      pickOne(random, values),
    ]).flat()
    const pieces = Array.from({ length: Math.floor(random() * 4) }, () => 'z'.repeat(1 + Math.floor(random() * 40)))
    const length = pieces.join('').length
    const isChunked = random() < 0.5
    const trailers = isChunked && random() < 0.5 ? ['x-sum', '1'] : []
    const body = isChunked ? ({ kind: 'chunked' } as const) : ({ kind: 'length', length } as const)
    const bodyText = (): string => {
      const ledger = new BodyLedger(body)
      const text = pieces.map((piece) => `${ledger.piece(piece.length)}${piece}${ledger.isChunked ? '\r\n' : ''}`)
      return text.join('') + ledger.end(trailers)
    }
    const outgoing = { method: 'PUT', target: `/${i}?\xff`, host: 'catalog', fields, body }
    const text = requestHeadText(outgoing) + bodyText()
    const [read] = readAll(new RequestReader(LIMITS), [bytesOf(text)]).messages
    expect(read).toMatchObject({ body: pieces.join(''), trailers, isWhole: true, head: { fields, isChunked } })
    expect(requestHeadText({ ...outgoing, fields: read?.head.fields ?? [] }) + bodyText()).toBe(text)

    const answer = { status: 200 + i, reason: 'So\t\xe4', fields, body }
    if (answer.status === 204 || answer.status === 304) continue
    const reader = new ResponseReader(LIMITS)
    reader.asked('GET')
    expect(readAll(reader, [bytesOf(responseHeadText(answer) + bodyText())]).messages[0]).toMatchObject({
      head: { status: answer.status, reason: 'So\t\xe4', fields },
      body: pieces.join(''),
      trailers,
      isWhole: true,
    })
  }
})
