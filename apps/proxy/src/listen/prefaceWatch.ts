// Whether a caller begins with the preface of HTTP/2 (RFC 9113, 3.3: it knows that we speak it), told from the first bytes
// of its connection. Requests of HTTP/1.1 are told apart by their first byte or two.
import { PREFACE } from '../http2/frame.ts'

const PREFACE_BYTES = Buffer.from(PREFACE, 'latin1')

/** `more`: what there is could become either. */
export type Beginning = 'http1' | 'http2' | 'more'

/** `bytes`: all that came since the connection began. */
export function beginningOf(bytes: Buffer): Beginning {
  const length = Math.min(bytes.length, PREFACE_BYTES.length)
  if (bytes.compare(PREFACE_BYTES, 0, length, 0, length) !== 0) return 'http1'
  return length === PREFACE_BYTES.length ? 'http2' : 'more'
}
