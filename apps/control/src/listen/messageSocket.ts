// A WebSocket with limits: what may come in per second, what may wait to go out, and how long silence may last.
// It knows text frames and nothing about what they say.
import type { Clock } from '@heddle/shared/clock'
import type { WebSocket } from 'ws'
import { TokenBucket } from './rateLimit.ts'

/** A half-open connection is noticed within 15 s: two pings unanswered. */
const PING_MS = 5_000
const SILENCE_MS = 12_000
/** A proxy says little: answers to pushes, a report every 5 s; after an outage a backlog of reports. */
const MESSAGES_PER_SECOND = 100
const MESSAGE_BURST = 2_000
const BYTES_PER_SECOND = 4 * 1024 * 1024
const BYTE_BURST = 128 * 1024 * 1024
/** What may wait for a client that reads slowly; then it is cut off, and starts anew when it can. */
export const BUFFER_CAP_BYTES = 64 * 1024 * 1024

/** WebSocket close codes (RFC 6455, 7.4.1). */
export const CLOSE_GOING_AWAY = 1001
export const CLOSE_POLICY = 1008

export interface MessageSocketOptions {
  clock: Clock
  bufferCapBytes?: number
  onText: (text: string) => void
  /** Once. `cutOff`: why this side ended it, where it did. */
  onClose: (cutOff: string | null) => void
}

export class MessageSocket {
  readonly #socket: WebSocket
  readonly #options: MessageSocketOptions
  readonly #messages: TokenBucket
  readonly #bytes: TokenBucket
  readonly #ping: NodeJS.Timeout
  #heardAt: number
  #cutOff: string | null = null

  constructor(socket: WebSocket, options: MessageSocketOptions) {
    this.#socket = socket
    this.#options = options
    const now = options.clock.monotonic()
    this.#heardAt = now
    this.#messages = new TokenBucket(MESSAGES_PER_SECOND, MESSAGE_BURST, now)
    this.#bytes = new TokenBucket(BYTES_PER_SECOND, BYTE_BURST, now)
    this.#ping = setInterval(() => this.#checkAlive(), PING_MS)
    socket.on('message', (data: Buffer, isBinary: boolean) => this.#received(data, isBinary))
    socket.on('pong', () => this.#heard())
    socket.on('ping', () => this.#heard())
    // Reported again by 'close'.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(this.#ping)
      options.onClose(this.#cutOff)
    })
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  /** A frame of text, as UTF-8. Cuts the client off where too much is waiting for it already. */
  send(frame: Buffer | string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > (this.#options.bufferCapBytes ?? BUFFER_CAP_BYTES)) {
      this.cutOff('it reads too slowly')
      return
    }
    this.#socket.send(frame, { binary: false })
  }

  /** `reason` is shown to the other side (at most 123 bytes of UTF-8). */
  close(code: number, reason: string): void {
    this.#cutOff ??= reason
    this.#socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, 123)
        .toString('utf8')
        .replace(/\uFFFD+$/, ''),
    )
  }

  cutOff(reason: string): void {
    this.#cutOff ??= reason
    this.#socket.terminate()
  }

  #received(data: Buffer, isBinary: boolean): void {
    this.#heard()
    const now = this.#options.clock.monotonic()
    if (isBinary) this.close(CLOSE_POLICY, 'text frames only')
    else if (!this.#messages.take(1, now) || !this.#bytes.take(data.length, now))
      this.close(CLOSE_POLICY, 'too many messages')
    else this.#options.onText(data.toString('utf8'))
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.monotonic()
  }

  #checkAlive(): void {
    if (this.#options.clock.monotonic() - this.#heardAt > SILENCE_MS) this.cutOff('nothing was heard for 12 s')
    else this.#socket.ping()
  }
}
