// Every request that our reader takes is the same request to Node's own parser (llhttp, strict), octet for octet of its
// body; what Node takes and we do not is on a list here, with its reason. Seeded and bounded; random bytes are mutations
// of well-formed pipelines, so that both parsers get far into them.
import { createServer, type IncomingMessage } from 'node:http'
import { duplexPair } from 'node:stream'
import { fuzz, pickOne } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { RequestReader } from './requestReader.ts'
import { bytesOf, LIMITS, readAll } from './testReading.ts'

interface Seen {
  method: string
  target: string
  fields: string
  body: string
}

/** What Node's server makes of the bytes. `hasRefused`: it called them malformed at some point. */
async function readByNode(bytes: Buffer): Promise<{ whole: Seen[]; hasRefused: boolean }> {
  const whole: Seen[] = []
  let hasRefused = false
  const server = createServer({ maxHeaderSize: LIMITS.bytes, requireHostHeader: false })
  const take = (request: IncomingMessage): void => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('latin1')
    })
    request.on('error', () => {})
    request.on('end', () =>
      whole.push({ method: request.method ?? '', target: request.url ?? '', fields: flat(request.rawHeaders), body }),
    )
  }
  server.on('request', (request, response) => {
    take(request)
    response.on('error', () => {})
    request.on('end', () => response.end())
  })
  for (const event of ['checkContinue', 'checkExpectation'])
    server.on(event, (request, response) => server.emit('request', request, response))
  server.on('clientError', (_error, socket) => {
    hasRefused = true
    socket.destroy()
  })
  const [ours, theirs] = duplexPair()
  server.emit('connection', theirs)
  const gone = new Promise<void>((resolve) => theirs.once('close', resolve))
  ours.on('error', () => {})
  theirs.on('error', () => {})
  ours.resume()
  ours.end(bytes)
  await gone
  return { whole, hasRefused }
}

function flat(raw: readonly string[]): string {
  const lines: string[] = []
  for (let i = 0; i < raw.length; i += 2) lines.push(`${raw[i]?.toLowerCase()}: ${raw[i + 1]}`)
  return lines.join('\n')
}

/** Fields that our reader takes apart are left out of the comparison of fields, and compared by what they do. */
function endToEnd(fields: string): string {
  return fields
    .split('\n')
    .filter((line) => line !== '' && !/^(?:host|content-length|transfer-encoding|expect|upgrade): ?/.test(line))
    .join('\n')
}

const PIECES = ['\r\n', '\r', '\n', ' ', '\t', ':', '\0', ';', ',', '0', 'chunked', '\x80', '\r\n\r\n', 'HTTP/1.1', 'x']

function pipeline(random: () => number): Buffer {
  const one = (): string => {
    const fields = ['Host: catalog']
    if (random() < 0.4) fields.push(`X-A: ${pickOne(random, ['', 'a b', '\xe9', '"q"', 'a\tb'])}`)
    if (random() < 0.1) fields.push('Connection: close')
    const body = 'z'.repeat(Math.floor(random() * 30))
    const kind = random()
    if (kind < 0.3) return `GET /a?b=c HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`
    if (kind < 0.6) return `POST /p HTTP/1.1\r\n${fields.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    const chunk = body === '' ? '' : `${body.length.toString(16)}${random() < 0.3 ? ';a=b' : ''}\r\n${body}\r\n`
    const trailer = random() < 0.3 ? 'X-T: 1\r\n' : ''
    return `PUT /c HTTP/1.1\r\n${fields.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n${trailer}\r\n`
  }
  let text = Array.from({ length: 1 + Math.floor(random() * 3) }, one).join('')
  for (let n = Math.floor(random() * 3); n > 0; n--) {
    const at = Math.floor(random() * text.length)
    const cut = random() < 0.5 ? 0 : 1 + Math.floor(random() * 3)
    text = text.slice(0, at) + (random() < 0.7 ? pickOne(random, PIECES) : '') + text.slice(at + cut)
  }
  return bytesOf(text)
}

/** What Node takes and we do not. */
const DELIBERATE = [
  // Node passes over any number of CR and LF before a request, and over spaces in its line.
  'malformed the request line has not three parts',
  'malformed a space in the request target',
  'malformed no method',
  'malformed an LF without CR',
  'malformed a CR without LF',
  // The server of this test leaves it to its application, as ours does not (RFC 9112, 3.2).
  'malformed there is no Host field',
  'malformed there are two Host fields',
  // Whoever forwards must know which fields are named there (RFC 9110, 7.6.1).
  'malformed Connection is not a list of names',
  'malformed a malformed chunk extension',
]

test('what we take, Node takes the same way', async () => {
  const { random, cases } = fuzz(21, 400)
  let compared = 0
  for (let i = 0; i < cases; i++) {
    const bytes = pipeline(random)
    const said = bytes.toString('latin1')
    const ours = readAll(new RequestReader(LIMITS), [bytes])
    const { whole, hasRefused } = await readByNode(bytes)
    const messages = ours.messages.filter(({ isWhole }) => isWhole)
    // Node drops what it had read where something behind it is refused, so that only what both gave up is compared.
    for (const [at, { head, body }] of messages.entries()) {
      const seen = whole[at]
      if (seen === undefined) continue
      compared++
      const fields: string[] = []
      for (let k = 0; k < head.fields.length; k += 2) fields.push(`${head.fields[k]}: ${head.fields[k + 1]}`)
      expect([said, head.method, head.target, body, fields.join('\n')]).toEqual([
        said,
        seen.method,
        seen.target,
        seen.body,
        endToEnd(seen.fields),
      ])
    }
    if (whole.length > messages.length && !hasRefused)
      expect([said, DELIBERATE.includes(ours.end.replace('refused: ', ''))]).toEqual([said, true])
  }
  // Most of what is generated is read by both.
  expect(compared).toBeGreaterThan(cases / 2)
})
