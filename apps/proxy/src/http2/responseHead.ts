// From a list of fields to the answer that it is (RFC 9113, 8.3.2).
import { Framing } from '../http1/framing.ts'
import { malformed, type Refusal } from '../http1/refusal.ts'
import type { FieldList } from '../http1/requestHead.ts'
import { fieldFlaw, isPseudo, readPseudo } from './fieldRules.ts'

export interface ResponseHead {
  readonly status: number
  /** Without Content-Length. */
  readonly fields: FieldList
  readonly contentLength: number | null
  /** 1xx: the head of the answer itself follows. */
  readonly isInterim: boolean
}

const KNOWN = [':status']
const STATUS = /^[1-9][0-9]{2}$/

export function readResponseHead(list: FieldList): ResponseHead | Refusal {
  const pseudo: (string | undefined)[] = [undefined]
  const begin = readPseudo(list, KNOWN, pseudo)
  if (typeof begin === 'string') return malformed(begin)
  const [text] = pseudo
  if (text === undefined || !STATUS.test(text)) return malformed('no status')
  const status = Number(text)
  // There is nothing to switch to (RFC 9113, 8.6).
  if (status === 101) return malformed('101 in HTTP/2')
  const fields: FieldList = []
  const framing = new Framing()
  for (let i = begin; i < list.length; i += 2) {
    const name = list[i] ?? ''
    const value = list[i + 1] ?? ''
    if (isPseudo(name)) return malformed('a pseudo-header field behind others')
    const flaw = fieldFlaw(name, value)
    if (flaw !== null) return malformed(flaw)
    if (name === 'content-length') {
      const refusal = framing.contentLengthField(value)
      if (refusal !== undefined) return refusal
    } else fields.push(name, value)
  }
  const { contentLength } = framing
  const isInterim = status < 200
  if (isInterim && contentLength !== null) return malformed('an informational answer with a length')
  return { status, fields, contentLength, isInterim }
}

/** How many octets of a body must come: null where that is not said. */
export function bodyLength({ status, contentLength }: ResponseHead, method: string): number | null {
  if (method === 'CONNECT' && status < 300) return null
  if (method === 'HEAD' || status === 204 || status === 304) return 0
  return contentLength
}
