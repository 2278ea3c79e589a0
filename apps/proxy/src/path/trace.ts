// Ids by which one request is found again in the logs of every service it passed: W3C traceparent and x-request-id.
// They are continued as they came, since the proxy records no spans of its own; where there are none, begun.
import type { HeaderList } from '../listen/exchange.ts'
import { headerOf } from './headers.ts'
import { randomHex, randomUuid } from './randomIds.ts'

/** https://www.w3.org/TR/trace-context/#traceparent-header; version ff and ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/

export interface TraceIds {
  traceId: string
  requestId: string
  /** Fields to add; those that did not hold are replaced. */
  added: string[]
  replaced: ReadonlySet<string>
}

const NONE: ReadonlySet<string> = new Set()
const TRACE: ReadonlySet<string> = new Set(['traceparent', 'tracestate'])
const REQUEST: ReadonlySet<string> = new Set(['x-request-id'])
const BOTH: ReadonlySet<string> = new Set([...TRACE, ...REQUEST])

export function traceIds(headers: HeaderList): TraceIds {
  const traceparent = TRACEPARENT.exec(only(headers, 'traceparent') ?? '')
  const given = only(headers, 'x-request-id') ?? ''
  const hasRequestId = REQUEST_ID.test(given)
  const requestId = hasRequestId ? given : randomUuid()
  const traceId = traceparent?.[1] ?? randomHex(16)
  const added: string[] = []
  // Sampled: the first service behind us that records spans decides for itself only where nobody has said no.
  if (traceparent === null) added.push('traceparent', `00-${traceId}-${randomHex(8)}-01`)
  if (!hasRequestId) added.push('x-request-id', requestId)
  return {
    traceId,
    requestId,
    added,
    replaced: traceparent === null ? (hasRequestId ? TRACE : BOTH) : hasRequestId ? NONE : REQUEST,
  }
}

/** `headers` with the ids; the array itself where nothing has to change. */
export function withTrace(headers: string[], trace: TraceIds): string[] {
  if (trace.added.length === 0) return headers
  const kept: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    if (!trace.replaced.has(name)) kept.push(name, headers[i + 1] ?? '')
  }
  kept.push(...trace.added)
  return kept
}

/** The value of a field that is there once; of two of them neither is to be believed. */
function only(headers: HeaderList, name: string): string | undefined {
  const first = headerOf(headers, name)
  if (first === undefined) return undefined
  let seen = 0
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) seen++
  return seen === 1 ? first : undefined
}
