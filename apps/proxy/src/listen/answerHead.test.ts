import { expect, test } from 'vitest'
import { type AnswerFacts, answerHead, interimHead } from './answerHead.ts'

const head = (change: Partial<AnswerFacts> = {}) =>
  answerHead({
    method: 'GET',
    minor: 1,
    status: 200,
    statusText: 'OK',
    headers: [],
    keepsAlive: true,
    idleMs: 0,
    date: 'Mon, 30 Nov 2026 00:00:00 GMT',
    ...change,
  })

// RFC 9112, 6.3: a length as it was given, chunks where there is none, the connection's end where there are no chunks.
test.each<[Partial<AnswerFacts>, string, string, boolean]>([
  [{ headers: ['content-length', '5'] }, 'content-length: 5', 'length', true],
  [{}, 'transfer-encoding: chunked', 'chunked', true],
  [{ minor: 0, headers: ['content-length', '5'] }, 'content-length: 5', 'length', true],
  [{ minor: 0 }, '', 'until_close', false],
  [{ method: 'HEAD' }, '', 'none', true],
  [{ method: 'HEAD', headers: ['content-length', '5'] }, 'content-length: 5', 'none', true],
  [{ minor: 0, method: 'HEAD' }, '', 'none', true],
  [{ status: 304, headers: ['content-length', '5'] }, 'content-length: 5', 'none', true],
  [{ status: 304 }, '', 'none', true],
  [{ status: 204, headers: ['content-length', '0'] }, '', 'none', true],
])('%j', (change, framing, kind, keepsAlive) => {
  const { text, body, keepsAlive: kept } = head(change)
  expect(text.match(/^(?:content-length|transfer-encoding): .*$/gm)?.join() ?? '').toBe(framing)
  expect([body.kind, kept]).toEqual([kind, keepsAlive])
  expect(/^connection: close$/m.test(text.replaceAll('\r', ''))).toBe(!keepsAlive)
})

// A length that cannot be kept is none; one that is said twice is read by somebody the other way.
test.each([
  ['content-length', '5', 'content-length', '5'],
  ['content-length', '+5'],
  ['transfer-encoding', 'chunked'],
])('framing %j is not written', (...headers) => {
  expect(() => head({ headers })).toThrow()
})

// A Date is added where there is none; a reason that is none is replaced by that of the status; Host says nothing here.
test('the rest of the head', () => {
  expect(
    head({ headers: ['host', 'x', 'x-a', '1', 'content-length', '0'], statusText: 'a\nb', idleMs: 60_000 }).text,
  ).toBe(
    'HTTP/1.1 200 OK\r\nx-a: 1\r\ndate: Mon, 30 Nov 2026 00:00:00 GMT\r\nconnection: keep-alive\r\nkeep-alive: timeout=60\r\ncontent-length: 0\r\n\r\n',
  )
  expect(head({ headers: ['date', 'then'] }).text.match(/^date: .*$/gm)).toEqual(['date: then'])
  expect(head({ statusText: 'Fine', minor: 0, headers: ['content-length', '0'] }).text).toMatch(
    /^HTTP\/1\.1 200 Fine\r\n[\s\S]*connection: keep-alive\r\n/,
  )
  expect(head({ status: 799, statusText: '' }).text).toMatch(/^HTTP\/1\.1 799 \r\n/)
})

// RFC 9110, 15.2: no informational answer frames anything.
test('informational heads', () => {
  expect(interimHead(103, ['link', '</a>', 'content-length', '1', 'host', 'x', 'transfer-encoding', 'chunked'])).toBe(
    'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
  )
})
