// Ids of traces and requests, begun once for each request that has none. Drawing octets, writing them as digits and cutting
// the text for each request alone were a tenth of what a request allocates: so many are written at a time, as one text of
// which each is a slice.
import { randomFillSync } from 'node:crypto'

/** Of one text. */
const IDS = 128

const DIGITS = Buffer.from('0123456789abcdef')
/** The first digit of a UUID's variant (RFC 9562, 4.1). */
const VARIANTS = Buffer.from('89ab')

/** Ids of one form: a random digit for each `x`, one of the variant for each `v`, and all else as it is written. */
class Ids {
  readonly #form: string
  readonly #octets: Buffer
  #text = ''
  #at = 0

  constructor(form: string) {
    this.#form = form
    this.#octets = Buffer.alloc(IDS * form.length)
  }

  next(): string {
    if (this.#at === this.#text.length) this.#draw()
    const from = this.#at
    this.#at += this.#form.length
    return this.#text.slice(from, this.#at)
  }

  #draw(): void {
    const form = this.#form
    const octets = randomFillSync(this.#octets)
    for (let at = 0; at < octets.length; ) {
      for (let i = 0; i < form.length; i++, at++) {
        const code = form.charCodeAt(i)
        const random = octets[at] ?? 0
        octets[at] = code === X ? (DIGITS[random & 15] ?? 0) : code === V ? (VARIANTS[random & 3] ?? 0) : code
      }
    }
    this.#text = octets.toString('latin1')
    this.#at = 0
  }
}

const X = 'x'.charCodeAt(0)
const V = 'v'.charCodeAt(0)

const uuids = new Ids('xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx')
const traceparents = new Ids('00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-01')

/** A UUID of version 4 (RFC 9562, 5.4). */
export function randomUuid(): string {
  return uuids.next()
}

/**
 * A traceparent that begins a trace. Sampled: the first service behind us that records spans decides for itself only where
 * nobody has said no.
 */
export function randomTraceparent(): string {
  return traceparents.next()
}
