// From a list of fields to the request that it is (RFC 9113, 8.3.1), in the terms of the HTTP/1.1 side. Whom the target
// means is route/'s business.
import { Framing } from '../http1/framing.ts'
import { TOKEN } from '../http1/octets.ts'
import { malformed, type Refusal, refuse } from '../http1/refusal.ts'
import type { FieldList } from '../http1/requestHead.ts'
import { fieldFlaw, isPseudo, readPseudo } from './fieldRules.ts'

export interface RequestHead {
  readonly method: string
  /** As the client says; null with CONNECT. */
  readonly scheme: 'http' | 'https' | null
  /** A path with its query, "*", or with CONNECT the authority. */
  readonly target: string
  /** From ":authority" or Host, which say the same where both are there. */
  readonly host: string
  /** Without Host, Content-Length and Expect; what came as crumbs of Cookie is one field. */
  readonly fields: FieldList
  readonly contentLength: number | null
  readonly expectsContinue: boolean
}

/** ":protocol" (RFC 8441) is not among them: we do not say that we know it. */
const KNOWN = [':method', ':scheme', ':path', ':authority']
const MAX_METHOD_BYTES = 32
/** Visible octets. */
const VISIBLE = /^[\x21-\x7e\x80-\xff]+$/
/** RFC 3986, 3.2, without what comes before "@", which is no part of it here (RFC 9113, 8.3.1). */
const AUTHORITY = /^[A-Za-z0-9\-._~!$&'()*+,;=:%[\]]+$/

export function readRequestHead(list: FieldList): RequestHead | Refusal {
  const pseudo: (string | undefined)[] = [undefined, undefined, undefined, undefined]
  const begin = readPseudo(list, KNOWN, pseudo)
  if (typeof begin === 'string') return malformed(begin)
  const [method, scheme = null, path, authority] = pseudo
  if (method === undefined || method.length > MAX_METHOD_BYTES || !TOKEN.test(method)) return malformed('no method')
  if (scheme !== null && scheme !== 'http' && scheme !== 'https') return malformed('a scheme that is not HTTP')
  if (method === 'CONNECT') {
    if (scheme !== null || path !== undefined) return malformed('CONNECT with a scheme or a path')
    if (authority === undefined) return malformed('CONNECT without an authority')
  } else {
    if (scheme === null) return malformed('no scheme')
    if (path === undefined || !VISIBLE.test(path)) return malformed('no path')
    if (!path.startsWith('/') && !(path === '*' && method === 'OPTIONS')) return malformed('a path without "/"')
  }
  const fields: FieldList = []
  const framing = new Framing()
  let host: string | null = null
  let cookieAt = -1
  let hasExpect = false
  for (let i = begin; i < list.length; i += 2) {
    const name = list[i] ?? ''
    const value = list[i + 1] ?? ''
    if (isPseudo(name)) return malformed('a pseudo-header field behind others')
    const flaw = fieldFlaw(name, value)
    if (flaw !== null) return malformed(flaw)
    switch (name) {
      case 'host':
        if (host !== null) return malformed('there are two Host fields')
        host = value
        continue
      case 'content-length': {
        const refusal = framing.contentLengthField(value)
        if (refusal !== undefined) return refusal
        continue
      }
      case 'expect':
        if (hasExpect || value.toLowerCase() !== '100-continue')
          return refuse('expectation', 'Expect is not "100-continue"')
        hasExpect = true
        continue
      case 'cookie':
        // RFC 9113, 8.2.3.
        if (cookieAt >= 0) {
          fields[cookieAt] += `; ${value}`
          continue
        }
        cookieAt = fields.length + 1
        break
    }
    fields.push(name, value)
  }
  if (host !== null && authority !== undefined && host.toLowerCase() !== authority.toLowerCase())
    return malformed('Host is not what ":authority" is')
  const named = authority ?? host
  if (named === null) return malformed('there is no authority')
  if (!AUTHORITY.test(named)) return malformed('an authority that is none')
  const { contentLength } = framing
  if (method === 'CONNECT' && contentLength !== null) return malformed('CONNECT with a length')
  return { method, scheme, target: path ?? named, host: named, fields, contentLength, expectsContinue: hasExpect }
}
