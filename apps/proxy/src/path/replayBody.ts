// The body of a request that may have to be sent more than once: what was taken from the caller is kept up to a limit,
// and each attempt reads it from the start.
import { Readable } from 'node:stream'
import type { HeaderList, RequestStream } from '../listen/exchange.ts'
import type { Call } from './call.ts'
import { trailersOf } from './headers.ts'

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

/** What an attempt reads. */
class Copy extends Readable {
  trailers: HeaderList = []
}

/** One attempt's reading, with its own place in what is kept. */
interface Reading {
  readonly stream: Copy
  /** How many of the kept chunks it has got. */
  given: number
}

export class ReplayBody {
  readonly #source: RequestStream
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
  #reading: Reading | undefined

  /** `onFirstRead`: somebody wants the first byte (the caller may have to be invited); `onBytes` counts each byte once. */
  constructor(source: RequestStream, limitBytes: number, onFirstRead: () => void, onBytes: (bytes: number) => void) {
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

  /**
   * A stream with the whole body for the next attempt; the one before is broken off.
   * @throws Error where the body is not kept any more.
   */
  open(): RequestStream {
    if (this.#isLost) throw new Error('the body is not kept any more')
    this.endAttempt()
    const stream = new Copy({
      read: () => {
        if (this.#reading === reading) this.#give(reading)
      },
      destroy: (error, done) => {
        if (this.#reading === reading) {
          this.#reading = undefined
          if (!this.#isStopped) this.#source.pause()
        }
        done(error)
      },
    })
    const reading: Reading = { stream, given: 0 }
    // Whoever reads it hears of an error; where nobody does, it is nothing.
    stream.on('error', () => {})
    this.#reading = reading
    return stream
  }

  /**
   * Breaks off the attempt that reads now, and takes nothing more from the caller until the next one reads: what it
   * would still take could be too much to keep.
   */
  endAttempt(): void {
    this.#reading?.stream.destroy()
  }

  /** Nobody will read any more: what still comes is for whoever owns the source to drop. */
  stop(): void {
    this.#isStopped = true
    this.#kept = []
    // It could not get the rest, and must not take what it has for the whole.
    this.endAttempt()
  }

  #give(reading: Reading): void {
    const chunk = this.#isLost ? undefined : this.#kept[reading.given]
    if (chunk !== undefined) {
      reading.given++
      reading.stream.push(chunk)
    } else if (this.#error !== undefined) reading.stream.destroy(this.#error)
    else if (this.#hasEnded) this.#end(reading)
    else this.#pull()
  }

  #end({ stream }: Reading): void {
    stream.trailers = trailersOf(this.#source.trailers ?? [])
    stream.push(null)
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
      // An attempt that is still behind comes to the end by reading.
      if (this.#reading !== undefined && this.#hasAll(this.#reading)) this.#end(this.#reading)
      if (!this.#isLost && !this.#isStopped) for (const action of this.#onWhole) action(Buffer.concat(this.#kept))
    })
    this.#source.on('close', () => {
      if (!this.#hasEnded) this.#fail(new Error('the caller broke off the body'))
    })
    if (this.#source.destroyed && !this.#source.readableEnded) this.#fail(new Error('the caller broke off the body'))
  }

  #took(chunk: Buffer): void {
    if (this.#isStopped) return
    this.#onBytes(chunk.length)
    const reading = this.#reading
    const wasAtEnd = reading !== undefined && this.#hasAll(reading)
    if (this.#isLost || this.#keptBytes + chunk.length > this.#limitBytes) {
      // What it has not read yet would be gone with the rest of what is kept.
      if (reading !== undefined && !wasAtEnd)
        for (const rest of this.#kept.slice(reading.given)) reading.stream.push(rest)
      this.#isLost = true
      this.#kept = []
      if (reading?.stream.push(chunk) !== true) this.#source.pause()
      return
    }
    this.#kept.push(chunk)
    this.#keptBytes += chunk.length
    if (reading !== undefined && wasAtEnd) {
      reading.given++
      if (!reading.stream.push(chunk)) this.#source.pause()
    } else this.#source.pause()
  }

  #hasAll(reading: Reading): boolean {
    return this.#isLost || reading.given === this.#kept.length
  }

  #fail(error: Error): void {
    this.#error = error
    this.#reading?.stream.destroy(error)
  }
}
