// The body of a request that may have to be sent more than once: what was taken from the caller is kept up to a limit,
// and each attempt reads it from the start.
import { Readable } from 'node:stream'
import type { Call } from './call.ts'

/** The body of a call, kept up to `limitBytes`; null where it has none. */
export function keepBody(call: Call, limitBytes: number): ReplayBody | null {
  const { exchange } = call
  if (exchange.body === null) return null
  const body = new ReplayBody(
    exchange.body,
    limitBytes,
    () => exchange.invite(),
    (bytes) => call.countIn(bytes),
  )
  call.onOver(() => body.stop())
  return body
}

export class ReplayBody {
  readonly #source: Readable
  readonly #limitBytes: number
  readonly #onFirstRead: () => void
  readonly #onBytes: (bytes: number) => void
  #kept: Buffer[] = []
  #keptBytes = 0
  #isLost = false
  #isReading = false
  #isStopped = false
  #hasEnded = false
  #error: Error | undefined
  #onWhole: ((body: Buffer) => void)[] = []
  #attempt: Readable | undefined
  /** How many of the kept chunks the attempt has got. */
  #given = 0

  /** `onFirstRead`: somebody wants the first byte (the caller may have to be invited); `onBytes` counts each byte once. */
  constructor(source: Readable, limitBytes: number, onFirstRead: () => void, onBytes: (bytes: number) => void) {
    this.#source = source
    this.#limitBytes = limitBytes
    this.#onFirstRead = onFirstRead
    this.#onBytes = onBytes
  }

  /** More came than is kept: what was sent cannot be sent again. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** Called once with the whole body when it has been read, unless it was larger than is kept. */
  onWhole(action: (body: Buffer) => void): void {
    this.#onWhole.push(action)
  }

  /** A stream with the whole body for the next attempt; the one before gets nothing more. */
  open(): Readable {
    if (this.#isLost) throw new Error('the body is not kept any more')
    this.#given = 0
    const attempt = new Readable({
      read: () => {
        if (this.#attempt !== attempt) return
        const chunk = this.#kept[this.#given]
        if (chunk !== undefined) {
          this.#given++
          attempt.push(chunk)
        } else if (this.#error !== undefined) attempt.destroy(this.#error)
        else if (this.#hasEnded) attempt.push(null)
        else this.#pull()
      },
      destroy: (error, done) => {
        if (this.#attempt === attempt) {
          this.#attempt = undefined
          if (!this.#isStopped) this.#source.pause()
        }
        done(error)
      },
    })
    // Whoever reads it hears of an error; where nobody does, it is nothing.
    attempt.on('error', () => {})
    this.#attempt = attempt
    return attempt
  }

  /** Nobody will read any more: what still comes is for whoever owns the source to drop. */
  stop(): void {
    this.#isStopped = true
    this.#kept = []
  }

  #pull(): void {
    if (this.#isReading) {
      this.#source.resume()
      return
    }
    this.#isReading = true
    this.#onFirstRead()
    this.#source.on('data', (chunk: Buffer) => this.#took(chunk))
    // An attempt that failed before it read anything has left the source paused.
    this.#source.resume()
    this.#source.on('end', () => {
      this.#hasEnded = true
      this.#attempt?.push(null)
      if (!this.#isLost) for (const action of this.#onWhole) action(Buffer.concat(this.#kept))
    })
    this.#source.on('close', () => {
      if (!this.#hasEnded) this.#fail(new Error('the caller broke off the body'))
    })
    if (this.#source.destroyed && !this.#source.readableEnded) this.#fail(new Error('the caller broke off the body'))
  }

  #took(chunk: Buffer): void {
    if (this.#isStopped) return
    this.#onBytes(chunk.length)
    if (!this.#isLost && this.#keptBytes + chunk.length <= this.#limitBytes) {
      this.#kept.push(chunk)
      this.#keptBytes += chunk.length
    } else {
      this.#isLost = true
      this.#kept = []
    }
    this.#given = this.#kept.length
    if (this.#attempt?.push(chunk) !== true) this.#source.pause()
  }

  #fail(error: Error): void {
    this.#error = error
    this.#attempt?.destroy(error)
  }
}
