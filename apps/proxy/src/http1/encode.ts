// HTTP/1.1 as bytes, from the parsed form: nothing is copied through, so whatever a peer may have meant by odd spacing or
// twice-said framing ends here. What frames a message is written by its framing alone, and nothing that could end a line
// early is written at all.
import { KNOWN_NAMES } from './fieldNames.ts'
import { FIELD_VALUE, TOKEN } from './octets.ts'

export type OutgoingBody =
  | { readonly kind: 'none' }
  /** `length`: also announced where no body follows, as in an answer to HEAD. */
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  /** An answer to HTTP/1.0 without a length. */
  | { readonly kind: 'until_close' }

export interface OutgoingRequest {
  readonly method: string
  readonly target: string
  readonly host: string
  /** Names in lower case and values, alternating; without Host and what frames the message. */
  readonly fields: readonly string[]
  /** Of this connection alone, behind the others. */
  readonly hopFields?: readonly string[]
  readonly body: OutgoingBody
}

export interface OutgoingResponse {
  readonly status: number
  readonly reason: string
  readonly fields: readonly string[]
  readonly body: OutgoingBody
}

/** What was to be written would be read differently than it was meant. */
export class UnencodableError extends Error {}

/** Visible octets: a space would end it. */
const TARGET = /^[\x21-\x7e\x80-\xff]+$/
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/
/** Written by `OutgoingBody` and `host` alone. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'host'])
const NO_FIELDS: readonly string[] = []
/** What comes before the value, of the names that most messages carry. */
const lineStarts: ReadonlyMap<string, string> = new Map(
  KNOWN_NAMES.filter((name) => !FRAMING.has(name)).map((name) => [name, `\r\n${name}: `]),
)

/** The head as latin1 text. Throws an UnencodableError. */
export function requestHeadText({
  method,
  target,
  host,
  fields,
  hopFields = NO_FIELDS,
  body,
}: OutgoingRequest): string {
  if (!TOKEN.test(method)) throw new UnencodableError('the method is not a token')
  if (!TARGET.test(target)) throw new UnencodableError('the request target has a space or a control character')
  if (!FIELD_VALUE.test(host)) throw new UnencodableError('the host has a control character')
  if (body.kind === 'until_close') throw new UnencodableError('the body of a request has no other end than its own')
  return `${method} ${target} HTTP/1.1\r\nhost: ${host}${fieldLines(fields)}${fieldLines(hopFields)}${framingLine(body)}\r\n\r\n`
}

/** The head as latin1 text; of an informational answer too, whose body is 'none'. Throws an UnencodableError. */
export function responseHeadText({ status, reason, fields, body }: OutgoingResponse): string {
  if (!Number.isInteger(status) || status < 100 || status > 999) throw new UnencodableError('no such status')
  if (!REASON.test(reason)) throw new UnencodableError('the reason phrase has a control character')
  if ((status < 200 || status === 204) && body.kind !== 'none')
    throw new UnencodableError('an answer of this status has no body and no length (RFC 9110, 8.6)')
  return `HTTP/1.1 ${status} ${reason}${fieldLines(fields)}${framingLine(body)}\r\n\r\n`
}

/** What goes before a piece of a chunked body; CRLF goes behind it. An empty piece would be the end: leave it out. */
export function chunkHeadText(length: number): string {
  if (!Number.isSafeInteger(length) || length < 1) throw new UnencodableError('a chunk has at least one octet')
  return `${length.toString(16)}\r\n`
}

/** The end of a chunked body. */
export function lastChunkText(trailers: readonly string[]): string {
  return `0${fieldLines(trailers)}\r\n\r\n`
}

function framingLine(body: OutgoingBody): string {
  switch (body.kind) {
    case 'none':
    case 'until_close':
      return ''
    case 'chunked':
      return '\r\ntransfer-encoding: chunked'
    case 'length':
      if (!Number.isSafeInteger(body.length) || body.length < 0) throw new UnencodableError('a length is a number')
      return `\r\ncontent-length: ${body.length}`
  }
}

/** Each behind the end of the line before it. */
function fieldLines(fields: readonly string[]): string {
  let text = ''
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? ''
    const value = fields[i + 1] ?? ''
    const start = lineStarts.get(name) ?? otherStart(name)
    if (!FIELD_VALUE.test(value)) throw new UnencodableError(`the value of ${name} has a control character`)
    text = text + start + value
  }
  return text
}

function otherStart(name: string): string {
  if (!TOKEN.test(name) || FRAMING.has(name.toLowerCase()))
    throw new UnencodableError(`"${printable(name)}" is not a field that may be written here`)
  return `\r\n${name}: `
}

function printable(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, '?').slice(0, 64)
}
