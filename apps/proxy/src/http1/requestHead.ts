// From the lines of a request's head to what they say. Whom the target means is route/'s business.
import { fieldName } from './fieldNames.ts'
import type { FieldSection } from './fieldSection.ts'
import { Framing } from './framing.ts'
import { SPACE, TOKEN_LOWER } from './octets.ts'
import { malformed, type Refusal, refuse } from './refusal.ts'
import { readVersion, VERSION_LENGTH } from './version.ts'

/** Names in lower case and values, alternating, in the order received; a name may come more than once. */
export type FieldList = string[]

export interface RequestHead {
  readonly method: string
  readonly target: string
  readonly minor: 0 | 1
  /** null only in HTTP/1.0. */
  readonly host: string | null
  /** Without Host and what frames the message: Content-Length, Transfer-Encoding, Expect and Upgrade. */
  readonly fields: FieldList
  /** null where no Content-Length was sent. */
  readonly contentLength: number | null
  readonly isChunked: boolean
  readonly keepsAlive: boolean
  /** The client waits for "100 Continue" before it sends the body. */
  readonly expectsContinue: boolean
  /** The protocol that the client may be switched to; null where it asks for none or not properly. */
  readonly upgrade: string | null
}

/** Whether octets of a body follow. */
export function hasBody({ isChunked, contentLength }: RequestHead): boolean {
  return isChunked || (contentLength ?? 0) > 0
}

const METHODS = ['GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE']
const MAX_METHOD_BYTES = 32
const PROTOCOL = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)?$/
/**
 * HTTP in another version, or inside TLS (RFC 2817). Whoever tunnels it lets requests past every rule, so it is never
 * switched to. Clients that offer TLS in each request (Apache HttpClient 5.4) go on without it, as RFC 9110, 7.8 has it.
 */
const CARRIES_HTTP = /^(?:h2c?|http|tls)(?:\/|$)/i

/** The request line (RFC 9112, 3), read as soon as it is there. */
export class RequestLine {
  method = ''
  target = ''
  minor: 0 | 1 = 1

  readonly read = (bytes: Buffer, from: number, to: number): Refusal | undefined => {
    let at = from
    while (at < to && TOKEN_LOWER[bytes[at] ?? 0] !== 0) at++
    if (at === from || at - from > MAX_METHOD_BYTES || bytes[at] !== SPACE) return malformed('no method')
    const targetAt = at + 1
    const targetEnd = to - VERSION_LENGTH - 1
    if (targetEnd <= targetAt || bytes[targetEnd] !== SPACE) return malformed('the request line has not three parts')
    // Nothing else in a line of text is a space; whatever else a target may hold is judged where it is read.
    for (let i = targetAt; i < targetEnd; i++)
      if ((bytes[i] ?? 0) <= SPACE) return malformed('a space in the request target')
    const minor = readVersion(bytes, targetEnd + 1)
    if (typeof minor === 'object') return minor
    this.method = methodName(bytes, from, at)
    this.target = bytes.toString('latin1', targetAt, targetEnd)
    this.minor = minor
    return undefined
  }
}

function methodName(bytes: Buffer, from: number, to: number): string {
  for (const name of METHODS) {
    if (name.length !== to - from) continue
    let i = 0
    while (i < name.length && name.charCodeAt(i) === bytes[from + i]) i++
    if (i === name.length) return name
  }
  return bytes.toString('latin1', from, to)
}

/** `start`: where the section begins in `bytes`, `length` what scanning it returned. */
export function readRequestHead(
  line: RequestLine,
  section: FieldSection,
  bytes: Buffer,
  start: number,
  length: number,
): RequestHead | Refusal {
  const { method, target, minor } = line
  const { offsets, offsetCount } = section
  const framing = new Framing()
  const fields: FieldList = []
  const text = bytes.toString('latin1', start, start + length)
  let host: string | null = null
  let expect: string | null = null
  let upgrade: string | null = null
  for (let i = 0; i < offsetCount; i += 4) {
    const name = fieldName(bytes, start + (offsets[i] ?? 0), start + (offsets[i + 1] ?? 0))
    const value = text.substring(offsets[i + 2] ?? 0, offsets[i + 3])
    let refusal: Refusal | undefined
    switch (name) {
      case 'host':
        if (host !== null) return malformed('there are two Host fields')
        host = value
        continue
      case 'content-length':
        refusal = framing.contentLengthField(value)
        if (refusal !== undefined) return refusal
        continue
      case 'transfer-encoding':
        refusal = framing.transferEncodingField(value)
        if (refusal !== undefined) return refusal
        continue
      case 'expect':
        if (expect !== null || value.toLowerCase() !== '100-continue')
          return refuse('expectation', 'Expect is not "100-continue"')
        expect = value
        continue
      case 'upgrade':
        upgrade = upgrade === null ? value : ''
        continue
      case 'connection':
        refusal = framing.connectionField(value)
        if (refusal !== undefined) return refusal
        break
    }
    fields.push(name, value)
  }
  const refusal = framing.check(minor)
  if (refusal !== undefined) return refusal
  if (host === null && minor === 1) return malformed('there is no Host field')
  const { contentLength, isChunked } = framing
  const hasBody = isChunked || (contentLength ?? 0) > 0
  // In a tunnel nobody would know where a body ends (RFC 9110, 9.3.6).
  if (method === 'CONNECT' && hasBody) return malformed('CONNECT with a body')
  const mayUpgrade =
    upgrade !== null && framing.hasUpgradeOption && minor === 1 && PROTOCOL.test(upgrade) && !CARRIES_HTTP.test(upgrade)
  if (!mayUpgrade || method === 'CONNECT') upgrade = null
  else if (method !== 'GET' || hasBody) return malformed('a request to switch protocols has the method GET and no body')
  return {
    method,
    target,
    minor,
    host,
    fields,
    contentLength,
    isChunked,
    keepsAlive: framing.keepsAlive(minor),
    // Without a body there is nothing to wait with, and HTTP/1.0 does not know of it (RFC 9110, 10.1.1).
    expectsContinue: expect !== null && minor === 1 && hasBody,
    upgrade,
  }
}
