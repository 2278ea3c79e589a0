// Ids by which one request is found again in the logs of every service it passed: W3C traceparent and x-request-id.
// They are continued as they came, since the proxy records no spans of its own; where there are none, begun.
import type { HeaderList } from '../listen/exchange.ts'
import { headerOf } from './headers.ts'
import { randomTraceparent, randomUuid } from './randomIds.ts'

/** https://www.w3.org/TR/trace-context/#traceparent-header; version ff and ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/

export interface TraceIds {
  readonly traceId: string
  readonly requestId: string
  /** The traceparent that is begun here; null where the caller's goes on. */
  readonly traceparent: string | null
  /** The request id is begun here. */
  readonly beginsRequest: boolean
}

export function traceIds(headers: HeaderList): TraceIds {
  const parent = only(headers, 'traceparent')
  const continued = parent === undefined ? undefined : TRACEPARENT.exec(parent)?.[1]
  const traceparent = continued === undefined ? randomTraceparent() : null
  const given = only(headers, 'x-request-id')
  const beginsRequest = given === undefined || !REQUEST_ID.test(given)
  return {
    traceId: traceparent?.slice(3, 35) ?? continued ?? '',
    requestId: beginsRequest ? randomUuid() : given,
    traceparent,
    beginsRequest,
  }
}

/** Adds to `headers` the ids that were begun here, in place of those that did not hold. */
export function withTrace(headers: string[], { traceparent, requestId, beginsRequest }: TraceIds): string[] {
  if (traceparent === null && !beginsRequest) return headers
  let kept = 0
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    if (traceparent !== null && (name === 'traceparent' || name === 'tracestate')) continue
    if (beginsRequest && name === 'x-request-id') continue
    if (kept !== i) {
      headers[kept] = name
      headers[kept + 1] = headers[i + 1] ?? ''
    }
    kept += 2
  }
  headers.length = kept
  if (traceparent !== null) headers.push('traceparent', traceparent)
  if (beginsRequest) headers.push('x-request-id', requestId)
  return headers
}

/** The value of a field that is there once; of two of them neither is to be believed. */
function only(headers: HeaderList, name: string): string | undefined {
  const first = headerOf(headers, name)
  if (first === undefined) return undefined
  let seen = 0
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) seen++
  return seen === 1 ? first : undefined
}
