// From a parsed HTTP/1 head to a RequestHead: what llhttp lets through and another server might read differently is
// refused here, before anything is decided. Targets and hosts are made canonical by route/.
import { carriesHttp } from '../http1/requestHead.ts'
import { canonicalTarget } from '../route/canonical.ts'
import type { RequestHead } from './exchange.ts'
import type { Refusal } from './refusal.ts'

export interface RawHead {
  method: string
  url: string
  httpVersion: string
  rawHeaders: readonly string[]
}

const ABSOLUTE_FORM = /^http:\/\/([^/?#]*)/i
const NUMBER = /^\d{1,15}$/
const UPGRADE_TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+(?:\/[A-Za-z0-9!#$%&'*+.^_`|~-]+)?$/

export function decodeHead(raw: RawHead, maxFields: number): RequestHead | Refusal {
  const { rawHeaders } = raw
  if (rawHeaders.length > 2 * maxFields)
    return { code: 'headers_too_large', detail: `more than ${maxFields} header fields` }
  if (raw.httpVersion !== '1.1' && raw.httpVersion !== '1.0')
    return malformed('the HTTP version is neither 1.0 nor 1.1')

  const headers: string[] = []
  let contentLength: number | null = null
  let isChunked = false
  let hasHost = false
  let upgrade: string | null = null
  let connection = ''
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    const value = rawHeaders[i + 1] ?? ''
    switch (name) {
      case 'host':
        if (hasHost) return malformed('there are two Host fields')
        hasHost = true
        continue
      case 'content-length':
        if (contentLength !== null) return malformed('more than one Content-Length field')
        if (!NUMBER.test(value)) return malformed('Content-Length is not a number')
        contentLength = Number(value)
        continue
      case 'transfer-encoding':
        // Only "chunked", once and alone: every other coding is read differently by somebody (RFC 9112, 6.1).
        if (isChunked || value.toLowerCase() !== 'chunked') return malformed('Transfer-Encoding is not "chunked"')
        isChunked = true
        continue
      case 'expect':
        if (value.toLowerCase() !== '100-continue') return malformed('Expect is not "100-continue"')
        continue
      case 'upgrade':
        upgrade = upgrade === null ? value : ''
        continue
      case 'connection':
        connection += `,${value.toLowerCase()}`
        break
    }
    // CGI and its heirs read x_role and x-role as one field: as nginx does, such names go no further.
    if (name.includes('_')) continue
    headers.push(name, value)
  }
  if (isChunked && contentLength !== null) return malformed('Content-Length beside Transfer-Encoding')
  if (isChunked && raw.httpVersion === '1.0') return malformed('Transfer-Encoding in HTTP/1.0')

  const asksToSwitch = connection.split(',').some((option) => option.trim() === 'upgrade')
  if (
    upgrade !== null &&
    (!asksToSwitch || raw.httpVersion === '1.0' || !UPGRADE_TOKEN.test(upgrade) || carriesHttp(upgrade))
  )
    upgrade = null
  if (upgrade !== null && (raw.method !== 'GET' || isChunked || (contentLength ?? 0) > 0))
    return malformed('a request to switch protocols has the method GET and no body')

  const target = canonicalTarget(raw.method, raw.url, hostFields(raw.url, rawHeaders))
  if (target.malformed !== null) return malformed(target.malformed)
  if (target.form === 'asterisk')
    return { code: 'protocol_unsupported', detail: '"OPTIONS *" asks a proxy, not a service' }
  return { method: raw.method, target, headers, contentLength, upgrade }
}

/** In absolute-form the target names the host, and Host is ignored, whatever it says (RFC 9112, 3.2.2). */
function hostFields(url: string, rawHeaders: readonly string[]): readonly string[] {
  const authority = ABSOLUTE_FORM.exec(url)?.[1]
  return authority === undefined ? rawHeaders : ['host', authority]
}

function malformed(detail: string): Refusal {
  return { code: 'malformed', detail }
}
