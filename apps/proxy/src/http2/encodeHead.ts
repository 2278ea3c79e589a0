// Heads and trailers as blocks of HPACK, from the parsed form. Nothing is written that another implementation would read
// differently or refuse.
import { UnencodableError } from '../http1/encode.ts'
import { isKnownName } from '../http1/fieldNames.ts'
import { FIELD_VALUE, TOKEN } from '../http1/octets.ts'
import { isConnectionSpecific } from './fieldRules.ts'
import { codedText, codeOf, fieldText, type NameCode } from './hpack/encode.ts'

export interface OutgoingRequest {
  readonly method: string
  readonly scheme: 'http' | 'https'
  /** Not written with CONNECT, which has an authority only. */
  readonly target: string
  readonly host: string
  /** Names in lower case and values, alternating; without Host and Content-Length. */
  readonly fields: readonly string[]
  /** null: its end is seen when it comes. */
  readonly contentLength: number | null
}

export interface OutgoingResponse {
  readonly status: number
  readonly fields: readonly string[]
  readonly contentLength: number | null
}

const VISIBLE = /^[\x21-\x7e\x80-\xff]+$/
/** Of the names that most messages carry and that may always be written, as they come. */
const knownCodes = new Map<string, NameCode>()
const LOWER_TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/

/** Throws an UnencodableError, as the others do. */
export function requestBlock({ method, scheme, target, host, fields, contentLength }: OutgoingRequest): string {
  if (!TOKEN.test(method)) throw new UnencodableError('the method is not a token')
  if (!VISIBLE.test(host)) throw new UnencodableError('the host has a space or a control character')
  if (!VISIBLE.test(target)) throw new UnencodableError('the request target has a space or a control character')
  const addressed =
    method === 'CONNECT'
      ? fieldText(':authority', host)
      : fieldText(':scheme', scheme) + fieldText(':authority', host) + fieldText(':path', target)
  return fieldText(':method', method) + addressed + lengthField(contentLength) + fieldBlock(fields)
}

export function responseBlock({ status, fields, contentLength }: OutgoingResponse): string {
  if (!Number.isInteger(status) || status < 100 || status > 999 || status === 101)
    throw new UnencodableError('no such status')
  if ((status < 200 || status === 204) && contentLength !== null)
    throw new UnencodableError('an answer of this status has no length (RFC 9110, 8.6)')
  return fieldText(':status', `${status}`) + lengthField(contentLength) + fieldBlock(fields)
}

export function fieldBlock(fields: readonly string[]): string {
  let text = ''
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? ''
    const value = fields[i + 1] ?? ''
    const code = knownCodes.get(name) ?? writableCode(name, value)
    if (!FIELD_VALUE.test(value)) throw new UnencodableError(`the value of ${name} has a control character`)
    text += codedText(code, value)
  }
  return text
}

function writableCode(name: string, value: string): NameCode {
  if (!mayBeWritten(name, value)) throw new UnencodableError('a field that may not be written here')
  const code = codeOf(name)
  if (isKnownName(name) && name !== 'te') knownCodes.set(name, code)
  return code
}

function mayBeWritten(name: string, value: string): boolean {
  if (name === 'content-length' || name === 'host' || isConnectionSpecific(name)) return false
  if (name === 'te') return value === 'trailers'
  return isKnownName(name) || LOWER_TOKEN.test(name)
}

function lengthField(length: number | null): string {
  if (length === null) return ''
  if (!Number.isSafeInteger(length) || length < 0) throw new UnencodableError('a length is a number')
  return fieldText('content-length', `${length}`)
}
