// From what the path answers to the head that goes out: how the body is framed (RFC 9112, 6.3) and whether the connection
// outlives it.
import { STATUS_CODES } from 'node:http'
import { type OutgoingBody, responseHeadText, UnencodableError } from '../http1/encode.ts'
import type { HeaderList } from './exchange.ts'

/** RFC 9112, 4; what is none is left out. */
const REASON_PHRASE = /^[\t\x20-\x7e\x80-\xff]+$/
const LENGTH = /^[0-9]{1,15}$/
const NONE: OutgoingBody = { kind: 'none' }

export interface AnswerFacts {
  /** Of the request: its method and minor version. */
  method: string
  minor: 0 | 1
  status: number
  statusText: string
  headers: HeaderList
  /** Whether another request may follow, as far as the caller and the connection are concerned. */
  keepsAlive: boolean
  /** How long an idle connection is kept, which callers are told so that they close first; 0: for ever. */
  idleMs: number
  /** The Date, where the answer has none. */
  date: string
}

export interface AnswerHead {
  /** Latin1. */
  text: string
  /** What may follow. */
  body: OutgoingBody
  keepsAlive: boolean
}

/** Throws an UnencodableError where what was given would be read differently than it was meant. */
export function answerHead(facts: AnswerFacts): AnswerHead {
  const { method, minor, status, statusText, headers, idleMs, date } = facts
  const { fields, length } = answerFields(headers, date)
  const hasNoBody = method === 'HEAD' || status === 204 || status === 304
  const framing: OutgoingBody =
    length !== null ? { kind: 'length', length } : hasNoBody ? NONE : { kind: minor === 1 ? 'chunked' : 'until_close' }
  const keepsAlive = facts.keepsAlive && framing.kind !== 'until_close'
  if (!keepsAlive) fields.push('connection', 'close')
  else if (idleMs > 0) fields.push('connection', 'keep-alive', 'keep-alive', `timeout=${Math.floor(idleMs / 1_000)}`)
  else if (minor === 0) fields.push('connection', 'keep-alive')
  const reason = REASON_PHRASE.test(statusText) ? statusText : (STATUS_CODES[status] ?? '')
  return {
    text: responseHeadText({ status, reason, fields, body: status === 204 ? NONE : framing }),
    body: hasNoBody ? NONE : framing,
    keepsAlive,
  }
}

/**
 * The fields of an answer, with a Date, and the length that is among what was given. Throws an UnencodableError where that
 * is not one.
 */
export function answerFields(headers: HeaderList, date: string): { fields: string[]; length: number | null } {
  const fields: string[] = []
  let length: number | null = null
  let hasDate = false
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    const value = headers[i + 1] ?? ''
    if (name === 'content-length') {
      if (length !== null || !LENGTH.test(value)) throw new UnencodableError('the answer has no one length')
      length = Number(value)
      continue
    }
    // It says nothing in an answer, and is never written there.
    if (name === 'host') continue
    if (name === 'date') hasDate = true
    fields.push(name, value)
  }
  if (!hasDate) fields.push('date', date)
  return { fields, length }
}

/** An answer without a body before the last one, or that ends HTTP on its connection (1xx). */
export function interimHead(status: number, headers: HeaderList): string {
  return responseHeadText({ status, reason: STATUS_CODES[status] ?? '', fields: interimFields(headers), body: NONE })
}

export function interimFields(headers: HeaderList): string[] {
  return headers.filter((_, at) => !NOT_INTERIM.has(headers[at - (at % 2)] ?? ''))
}

const NOT_INTERIM: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding'])
