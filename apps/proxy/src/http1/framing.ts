// What frames a message (RFC 9112, 6 and 9.3), gathered field by field, with the rule that anything said twice or beside
// something else is refused, even where both say the same.
import { TOKEN } from './octets.ts'
import { malformed, type Refusal, refuse } from './refusal.ts'

/** Fifteen digits are below 2^53. */
const LENGTH = /^[0-9]{1,15}$/

export class Framing {
  contentLength: number | null = null
  isChunked = false
  hasClose = false
  hasKeepAlive = false
  /** Connection names "upgrade". */
  hasUpgradeOption = false

  contentLengthField(value: string): Refusal | undefined {
    if (this.contentLength !== null) return malformed('more than one Content-Length field')
    if (!LENGTH.test(value)) return malformed('Content-Length is not a number')
    this.contentLength = Number(value)
    return undefined
  }

  transferEncodingField(value: string): Refusal | undefined {
    if (this.isChunked) return malformed('more than one Transfer-Encoding field')
    const codings = value.toLowerCase()
    if (codings === 'chunked') {
      this.isChunked = true
      return undefined
    }
    // A proper list that ends in "chunked" could be decoded by somebody (RFC 9112, 6.1); everything else by nobody.
    const list = codings.split(/[\t ]*,[\t ]*/)
    const isProper =
      list.every((coding) => TOKEN.test(coding) && coding !== 'identity') && list.indexOf('chunked') === list.length - 1
    return isProper
      ? refuse('coding', 'no transfer coding but "chunked" is understood')
      : malformed('Transfer-Encoding is not "chunked"')
  }

  connectionField(value: string): Refusal | undefined {
    // What nearly everybody sends, without taking it apart.
    if (value === 'keep-alive') this.hasKeepAlive = true
    else if (value === 'close') this.hasClose = true
    else
      for (const option of value.toLowerCase().split(',')) {
        const name = option.trim()
        if (name === 'close') this.hasClose = true
        else if (name === 'keep-alive') this.hasKeepAlive = true
        else if (name === 'upgrade') this.hasUpgradeOption = true
        else if (name !== '' && !TOKEN.test(name)) return malformed('Connection is not a list of names')
      }
    return undefined
  }

  /** What the fields say together. */
  check(minor: 0 | 1): Refusal | undefined {
    if (this.isChunked && this.contentLength !== null) return malformed('Content-Length beside Transfer-Encoding')
    if (this.isChunked && minor === 0) return malformed('Transfer-Encoding in HTTP/1.0')
    return undefined
  }

  /** Whether the connection outlives the message (RFC 9112, 9.3). */
  keepsAlive(minor: 0 | 1): boolean {
    return !this.hasClose && (minor === 1 || this.hasKeepAlive)
  }
}
