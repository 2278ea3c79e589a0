// The body of a request that may have to be sent more than once: what was taken from the caller is kept up to a limit,
// and each attempt reads it from the start.
import type { RequestBody } from '../forward/upstream.ts'
import type { BodyTaker, CallerBody, HeaderList } from '../listen/exchange.ts'
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

export class ReplayBody implements BodyTaker {
  readonly #source: CallerBody
  readonly #limitBytes: number
  readonly #onFirstRead: () => void
  readonly #onBytes: (bytes: number) => void
  #kept: Buffer[] = []
  #keptBytes = 0
  #isLost = false
  #isReading = false
  #isStopped = false
  /** How the source has ended. */
  #trailers: HeaderList | undefined
  #error: Error | undefined
  #onWhole: ((body: Buffer) => void)[] = []
  #reading: Reading | undefined

  /** `onFirstRead`: somebody wants the first byte (the caller may have to be invited); `onBytes` counts each byte once. */
  constructor(source: CallerBody, limitBytes: number, onFirstRead: () => void, onBytes: (bytes: number) => void) {
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
   * The whole body for the next attempt; the one before is broken off.
   * @throws Error where the body is not kept any more.
   */
  open(): RequestBody {
    if (this.#isLost) throw new Error('the body is not kept any more')
    this.endAttempt()
    this.#reading = new Reading(this)
    return this.#reading
  }

  /**
   * Breaks off the attempt that reads now, and takes nothing more from the caller until the next one reads: what it
   * would still take could be too much to keep.
   */
  endAttempt(): void {
    const reading = this.#reading
    if (reading === undefined) return
    this.left(reading)
    reading.breakOff()
  }

  /** Nobody will read any more: what still comes is for whoever owns the source to drop. */
  stop(): void {
    this.#isStopped = true
    this.#kept = []
    // It could not get the rest, and must not take what it has for the whole.
    this.endAttempt()
  }

  // For the attempt that reads. It is always at the end of what is kept when more comes: the source waits until then.

  /** Gives what there is, until it wants no more. */
  give(reading: Reading): void {
    while (reading.isWilling) {
      const chunk = this.#kept[reading.given]
      if (chunk !== undefined) {
        reading.given++
        reading.take(chunk)
        continue
      }
      if (this.#error !== undefined) reading.broke(this.#error)
      else if (this.#trailers !== undefined) reading.end(this.#trailers)
      else this.#pull()
      return
    }
  }

  left(reading: Reading): void {
    if (this.#reading !== reading) return
    this.#reading = undefined
    if (this.#isReading && !this.#isStopped) this.#source.pause()
  }

  // For the source.

  data(chunk: Buffer): boolean {
    if (this.#isStopped) return true
    this.#onBytes(chunk.length)
    if (this.#isLost || this.#keptBytes + chunk.length > this.#limitBytes) {
      this.#isLost = true
      this.#kept = []
      return this.#reading?.take(chunk) === true
    }
    this.#kept.push(chunk)
    this.#keptBytes += chunk.length
    if (this.#reading === undefined) return false
    this.#reading.given++
    return this.#reading.take(chunk)
  }

  end(trailers: HeaderList): void {
    this.#trailers = trailersOf(trailers)
    if (this.#reading !== undefined) this.give(this.#reading)
    if (!this.#isLost && !this.#isStopped) for (const action of this.#onWhole) action(Buffer.concat(this.#kept))
  }

  broke(error: Error): void {
    this.#error = error
    this.#reading?.broke(error)
  }

  #pull(): void {
    if (this.#isReading) {
      this.#source.resume()
      return
    }
    this.#isReading = true
    this.#onFirstRead()
    this.#source.read(this)
  }
}

/** What an attempt reads, with its own place in what is kept. */
class Reading implements RequestBody {
  /** How many of the kept chunks it has got. */
  given = 0
  readonly #of: ReplayBody
  #taker: BodyTaker | undefined
  #isPaused = false
  #isOver = false
  /** Nobody has heard of it yet. */
  #error: Error | undefined

  constructor(of: ReplayBody) {
    this.#of = of
  }

  // For the attempt.

  read(taker: BodyTaker): void {
    this.#taker = taker
    if (this.#error === undefined) this.#of.give(this)
    else taker.broke(this.#error)
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#of.give(this)
  }

  abort(): void {
    this.#isOver = true
    this.#of.left(this)
  }

  // For the body.

  get isWilling(): boolean {
    return this.#taker !== undefined && !this.#isPaused && !this.#isOver
  }

  take(chunk: Buffer): boolean {
    if (this.#taker?.data(chunk) !== true) this.#isPaused = true
    return !this.#isPaused
  }

  end(trailers: HeaderList): void {
    this.#isOver = true
    this.#taker?.end(trailers)
  }

  broke(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#taker === undefined) this.#error = error
    else this.#taker.broke(error)
  }

  breakOff(): void {
    if (!this.#isOver) this.broke(new Error('the body of the request broke off'))
  }
}
