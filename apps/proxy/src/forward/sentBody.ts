// A request's body onto a connection of HTTP/1.1, no faster than it is taken, and exactly as long as its head has promised.
import type { Socket } from 'node:net'
import { BodyLedger } from '../http1/bodyLedger.ts'
import type { OutgoingBody } from '../http1/encode.ts'
import type { BodyTaker, HeaderList } from '../listen/exchange.ts'

/** Up to this, copying costs less than what a list of pieces costs on its way to the kernel. */
const JOINED_BYTES = 16 * 1024

export interface BodyEvents {
  /** The head leaves, with the first bytes of the body where they are there. */
  headLeft(): void
  /** All of it was written. */
  bodyLeft(): void
  /** It broke off, or is not what was promised: the request is not whole. */
  bodyBroke(error: Error): void
}

export class SentBody implements BodyTaker {
  readonly #socket: Socket
  readonly #ledger: BodyLedger
  readonly #events: BodyEvents
  /** Not written yet. */
  #head: string
  #alone: NodeJS.Immediate | undefined
  #isOver = false

  /** `head`: latin1 text. */
  constructor(socket: Socket, head: string, framing: OutgoingBody, events: BodyEvents) {
    this.#socket = socket
    this.#head = head
    this.#ledger = new BodyLedger(framing)
    this.#events = events
  }

  /**
   * What of the body has come already shares a packet with the head. Where nothing comes in this turn the head goes alone: a
   * server may answer it at once, and there are clients that wait for that before they send anything.
   */
  headWaits(): void {
    if (this.#head !== '' && !this.#isOver) this.#alone = setImmediate(this.#headAlone)
  }

  /** Nothing is written any more. */
  stop(): void {
    this.#isOver = true
    clearImmediate(this.#alone)
  }

  data(chunk: Buffer): boolean {
    if (this.#isOver || chunk.length === 0) return true
    let before: string
    try {
      before = this.#ledger.piece(chunk.length)
    } catch (error) {
      this.broke(asError(error))
      return false
    }
    return this.#write(before, chunk, this.#ledger.isChunked ? '\r\n' : '')
  }

  end(trailers: HeaderList): void {
    if (this.#isOver) return
    let last: string
    try {
      last = this.#ledger.end(trailers)
    } catch (error) {
      this.broke(asError(error))
      return
    }
    const text = this.#takeHead() + last
    if (text !== '') this.#socket.write(text, 'latin1')
    this.stop()
    this.#events.bodyLeft()
  }

  broke(error: Error): void {
    if (this.#isOver) return
    this.stop()
    this.#events.bodyBroke(error)
  }

  readonly #headAlone = (): void => {
    const head = this.#takeHead()
    if (head !== '') this.#socket.write(head, 'latin1')
  }

  #takeHead(): string {
    const head = this.#head
    if (head === '') return ''
    this.#head = ''
    this.#events.headLeft()
    return head
  }

  #write(before: string, chunk: Buffer, behind: string): boolean {
    const socket = this.#socket
    const text = this.#takeHead() + before
    if (text === '' && behind === '') return socket.write(chunk)
    const bytes = text.length + chunk.length + behind.length
    if (bytes <= JOINED_BYTES) {
      const joined = Buffer.allocUnsafe(bytes)
      joined.write(text, 'latin1')
      joined.set(chunk, text.length)
      joined.write(behind, text.length + chunk.length, 'latin1')
      return socket.write(joined)
    }
    socket.cork()
    if (text !== '') socket.write(text, 'latin1')
    let mayGoOn = socket.write(chunk)
    if (behind !== '') mayGoOn = socket.write(behind, 'latin1')
    socket.uncork()
    return mayGoOn
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
