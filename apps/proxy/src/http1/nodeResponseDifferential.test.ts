// Every answer that our reader takes is the same answer to Node's own parser (llhttp, strict), octet for octet of its
// body and with the same idea of whether it is whole. Seeded and bounded; what is read are mutations of well-formed
// answers, so that both parsers get far into them.
import { Agent, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import { fuzz, pickOne } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { ResponseReader } from './responseReader.ts'
import { bytesOf, LIMITS, readAll } from './testReading.ts'

interface Seen {
  status: number
  reason: string
  fields: string
  body: string
  isWhole: boolean
}

/** What Node's client makes of the bytes, behind which the connection ends; undefined where it takes them for no answer. */
function readByNode(method: string, bytes: Buffer): Promise<Seen | undefined> {
  return new Promise((resolve) => {
    const [ours, theirs] = duplexPair()
    theirs.on('error', () => {})
    theirs.resume()
    const agent = new Agent({ maxSockets: 1 })
    agent.createConnection = () => ours as unknown as Socket
    const asking = request({ method, path: '/', agent, maxHeaderSize: LIMITS.bytes })
    const take = (answer: IncomingMessage): void => {
      let body = ''
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString('latin1')
      })
      answer.on('error', () => {})
      answer.on('close', () =>
        resolve({
          status: answer.statusCode ?? 0,
          reason: answer.statusMessage ?? '',
          fields: endToEnd(answer.rawHeaders),
          body,
          isWhole: answer.complete,
        }),
      )
    }
    asking.on('response', take)
    asking.on('upgrade', () => resolve(undefined))
    asking.on('error', () => resolve(undefined))
    asking.end()
    theirs.end(bytes)
  })
}

/** Without what our reader takes apart: it is compared by what it does. */
function endToEnd(raw: readonly string[]): string {
  const lines: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? ''
    if (name !== 'content-length' && name !== 'transfer-encoding') lines.push(`${name}: ${raw[i + 1]}`)
  }
  return lines.join('\n')
}

const PIECES = ['\r\n', '\r', '\n', ' ', '\t', ':', '\0', ';', ',', '0', 'chunked', '\x80', '\r\n\r\n', 'HTTP/1.1', '2']

function answer(method: string, random: () => number): Buffer {
  const body = 'z'.repeat(Math.floor(random() * 30))
  const fields: string[] = []
  if (random() < 0.5) fields.push(`X-A: ${pickOne(random, ['', 'a b', '\xe9', '"q"', 'a\tb'])}`)
  if (random() < 0.2) fields.push(`Connection: ${pickOne(random, ['close', 'keep-alive', 'x-a'])}`)
  const status = pickOne(random, ['200 OK', '204 No Content', '304 Not Modified', '404 ', '500 Oh \xe9', '201'])
  const version = random() < 0.1 ? 'HTTP/1.0' : 'HTTP/1.1'
  const kind = random()
  let framed = body
  if (kind < 0.4) fields.push(`Content-Length: ${body.length}`)
  else if (kind < 0.8 && version === 'HTTP/1.1') {
    fields.push('Transfer-Encoding: chunked')
    const chunk = body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`
    framed = `${chunk}0\r\n${random() < 0.3 ? 'X-T: 1\r\n' : ''}\r\n`
  }
  if (method === 'HEAD' || /^(?:204|304)/.test(status)) framed = ''
  const hint = random() < 0.2 ? 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' : ''
  const lines = fields.map((line) => `${line}\r\n`).join('')
  let text = `${hint}${version} ${status}\r\n${lines}\r\n${framed}`
  for (let n = Math.floor(random() * 3); n > 0; n--) {
    const at = Math.floor(random() * text.length)
    const cut = random() < 0.5 ? 0 : 1 + Math.floor(random() * 3)
    text = text.slice(0, at) + (random() < 0.7 ? pickOne(random, PIECES) : '') + text.slice(at + cut)
  }
  return bytesOf(text)
}

test('the answer that we take, Node takes the same way', async () => {
  const { random, cases } = fuzz(34, 600)
  let compared = 0
  for (let i = 0; i < cases; i++) {
    const method = pickOne(random, ['GET', 'GET', 'POST', 'HEAD'])
    const bytes = answer(method, random)
    const said = `${method} ${bytes.toString('latin1')}`
    const reader = new ResponseReader(LIMITS)
    reader.asked(method)
    const { messages, end } = readAll(reader, [bytes], { endsThere: true })
    const ours = messages.find(({ head }) => head.status >= 200)
    const seen = await readByNode(method, bytes)
    if (ours === undefined || !ours.isWhole) continue
    // Node gives up the answer for what lies behind it; we give up the connection.
    if (seen === undefined && (end.startsWith('refused') || reader.pendingBytes > 0)) continue
    compared++
    const { status, reason, fields } = ours.head
    expect([said, { status, reason, fields: endToEnd(fields), body: ours.body, isWhole: true }]).toEqual([said, seen])
  }
  // Much of what is generated is taken.
  expect(compared).toBeGreaterThan(cases / 3)
})
