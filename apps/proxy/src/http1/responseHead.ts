// From the lines of an answer's head to what they say, and how its body is framed: by its own fields and by what was asked
// (RFC 9112, 6.3).
import { fieldName } from './fieldNames.ts'
import type { FieldSection } from './fieldSection.ts'
import { Framing } from './framing.ts'
import { SPACE } from './octets.ts'
import { malformed, type Refusal } from './refusal.ts'
import type { FieldList } from './requestHead.ts'
import { readVersion, VERSION_LENGTH } from './version.ts'

export type ResponseBody =
  | 'none'
  | 'length'
  | 'chunked'
  /** It ends with the connection. */
  | 'until_close'
  /** No more HTTP on this connection: 101, or 2xx to CONNECT. */
  | 'handover'

export interface ResponseHead {
  readonly status: number
  /** May be empty. */
  readonly reason: string
  readonly minor: 0 | 1
  /** Without Content-Length and Transfer-Encoding. */
  readonly fields: FieldList
  /** As sent, also where no body follows (HEAD, 304). */
  readonly contentLength: number | null
  readonly body: ResponseBody
  readonly keepsAlive: boolean
}

/** The status line (RFC 9112, 4). */
export class StatusLine {
  status = 0
  reason = ''
  minor: 0 | 1 = 1

  readonly read = (bytes: Buffer, from: number, to: number): Refusal | undefined => {
    const at = from + VERSION_LENGTH
    if (to < at + 4 || bytes[at] !== SPACE) return malformed('no status line')
    const minor = readVersion(bytes, from)
    if (typeof minor === 'object') return minor
    let status = 0
    for (let i = at + 1; i < at + 4; i++) {
      const digit = (bytes[i] ?? 0) - 0x30
      if (digit < 0 || digit > 9) return malformed('no status')
      status = status * 10 + digit
    }
    if (status < 100) return malformed('no status')
    // The space before an empty reason is left out by some; there is no other reading of that.
    if (to > at + 4 && bytes[at + 4] !== SPACE) return malformed('no status')
    this.status = status
    this.reason = to > at + 5 ? bytes.toString('latin1', at + 5, to) : ''
    this.minor = minor
    return undefined
  }
}

/** `method`: of the request that is answered. */
export function readResponseHead(
  line: StatusLine,
  section: FieldSection,
  bytes: Buffer,
  start: number,
  length: number,
  method: string,
): ResponseHead | Refusal {
  const { status, reason, minor } = line
  const { offsets, offsetCount } = section
  const framing = new Framing()
  const fields: FieldList = []
  const text = bytes.toString('latin1', start, start + length)
  for (let i = 0; i < offsetCount; i += 4) {
    const name = fieldName(bytes, start + (offsets[i] ?? 0), start + (offsets[i + 1] ?? 0))
    const value = text.substring(offsets[i + 2] ?? 0, offsets[i + 3])
    let refusal: Refusal | undefined
    switch (name) {
      case 'content-length':
        refusal = framing.contentLengthField(value)
        if (refusal !== undefined) return refusal
        continue
      case 'transfer-encoding':
        refusal = framing.transferEncodingField(value)
        if (refusal !== undefined) return refusal
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
  const { contentLength, isChunked } = framing
  if (status < 200 && (isChunked || contentLength !== null)) return malformed('an informational answer with a length')
  const body = bodyOf(status, method, framing)
  return {
    status,
    reason,
    minor,
    fields,
    contentLength,
    body,
    // A 204 that says it has a body may be followed by one: whatever comes behind it is not to be believed.
    keepsAlive:
      framing.keepsAlive(minor) &&
      body !== 'until_close' &&
      body !== 'handover' &&
      !(status === 204 && (isChunked || (contentLength ?? 0) > 0)),
  }
}

function bodyOf(status: number, method: string, { isChunked, contentLength }: Framing): ResponseBody {
  if (status === 101 || (method === 'CONNECT' && status >= 200 && status < 300)) return 'handover'
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 'none'
  if (isChunked) return 'chunked'
  if (contentLength === null) return 'until_close'
  return contentLength === 0 ? 'none' : 'length'
}
