// An incremental, strict reader of HTTP/1.1 on bytes: it is fed what a connection gives, and asked step by step what that
// means. It knows no socket, clock or randomness. (`RequestReader` and `ResponseReader` are the two that are used.)
//
// It is pulled, not a source of events: whoever asks decides when the next message of a pipeline is begun and when a body
// goes on, and what was not asked for stays here as bytes, so that back pressure needs no second mechanism.
//
// What a header list is: one flat array of names in lower case and values, as the request path has it. A head is scanned
// once, octet by octet through a table, which leaves offsets; then its text is made with ONE call into the runtime, values
// are substrings of it (V8 makes them slices, without copying), and common names are found by their octets, without any
// allocation. Measured in CPU time of a head of 11 fields and 415 octets (Node 26): 0.9 µs for the scan, 0.4 µs more for
// the values (1.5 µs with one `toString` for each), 0.9 µs more for the names (1.8 µs with `toString` and `toLowerCase`, or
// with a Map of spellings). Offsets with lazy strings would save little, since the path asks for every field when it
// encodes the message anew; a cache of whole heads would flatter benchmarks, for real heads differ in path and trace.
import { BodyQueue } from '../http2/bodyQueue.ts'
import { ChunkReader } from './chunked.ts'
import { fieldName } from './fieldNames.ts'
import { FieldSection, type HeadLimits, MORE, REFUSED, type StartLine } from './fieldSection.ts'
import { type Refusal, type RefusalReason, refuse } from './refusal.ts'
import type { FieldList } from './requestHead.ts'

export type Step =
  /** Feed more bytes, or say `end`. */
  | 'more'
  /** `head` is there. */
  | 'head'
  /** `data` is the next piece of the body, a view of what was fed, or of small pieces that were joined. */
  | 'data'
  /** The message is whole; `trailers` are there. */
  | 'end'
  /** No more HTTP: whatever comes is another protocol's, see `takeRest`. */
  | 'handover'
  /** The connection carries no further message. */
  | 'closed'
  /** `refusal` says why. Nothing that was fed after the refused octet was or will be read. */
  | 'refused'

export type BodyKind = 'none' | 'length' | 'chunked' | 'until_close' | 'handover'

/** How a message goes on behind its head. */
export interface Course {
  body: BodyKind
  length: number
  keepsAlive: boolean
  /** Another head of the same message follows (1xx). */
  isInterim: boolean
}

const EMPTY = Buffer.alloc(0)

export abstract class MessageReader<Head> {
  data: Buffer = EMPTY
  trailers: FieldList = []
  refusal: Refusal | undefined
  #head: Head | undefined
  #bytes: Buffer = EMPTY
  #at = 0
  /** What came while there was something left of `#bytes`. */
  readonly #behind = new BodyQueue()
  #behindBytes = 0
  #state: 'idle' | 'head' | 'length' | 'until_close' | 'chunked' | 'trailers' | 'whole' | 'handover' | 'over' = 'idle'
  #rest = 0
  #keepsAlive = true
  /** What may be passed over before a message was, once. */
  #hasSkipped = false
  readonly #section: FieldSection
  readonly #trailers: FieldSection
  readonly #chunks = new ChunkReader()

  constructor(limits: HeadLimits, startLine: StartLine, startLineTooLong: RefusalReason) {
    this.#section = new FieldSection(limits, startLine, startLineTooLong)
    this.#trailers = new FieldSection(limits, null, 'head_too_large')
  }

  /** After 'head'. */
  get head(): Head {
    if (this.#head === undefined) throw new Error('no head was read yet')
    return this.#head
  }

  /** Octets that were fed and not read. */
  get pendingBytes(): number {
    return this.#left + this.#behindBytes
  }

  /** The same, of what came first. */
  get #left(): number {
    return this.#bytes.length - this.#at
  }

  /** Nothing was begun and nothing is left: the connection may be given to somebody else, or closed. */
  get isIdle(): boolean {
    return this.#state === 'idle' && this.pendingBytes === 0
  }

  /**
   * `chunk` must not be changed afterwards. Where the last step was not 'more', it waits behind what is left, as it is: a
   * body that nobody takes now is not copied.
   */
  feed(chunk: Buffer): void {
    if (this.pendingBytes === 0) {
      this.#bytes = chunk
      this.#at = 0
    } else if (chunk.length > 0) {
      this.#behind.add(chunk)
      this.#behindBytes += chunk.length
    }
  }

  /** After 'handover': the octets behind the message. Nothing is read from here any more. */
  takeRest(): Buffer {
    while (this.#behindBytes > 0) this.#goOn()
    const rest = this.#bytes.subarray(this.#at)
    this.#forget()
    this.#state = 'over'
    return rest
  }

  next(): Step {
    for (;;) {
      const step = this.#next()
      if (step !== 'more' || this.#behindBytes === 0) return step
      this.#goOn()
    }
  }

  /** With what came behind: alone where all before it was read, and joined to what is not to be understood without it. */
  #goOn(): void {
    const rest = this.#bytes.subarray(this.#at)
    const chunk = this.#behind.first ?? EMPTY
    this.#behind.take(chunk.length)
    this.#behindBytes -= chunk.length
    this.#bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    this.#at = 0
  }

  #next(): Step {
    if (this.refusal !== undefined) return 'refused'
    for (;;)
      switch (this.#state) {
        case 'idle': {
          if (!this.canBegin()) {
            if (this.#left === 0) return 'more'
            return this.#refuse(refuse('unexpected', 'an answer that nobody asked for'))
          }
          if (!this.#hasSkipped && this.#left > 0) {
            const skipped = this.skipBefore(this.#bytes, this.#at)
            if (skipped === undefined) return 'more'
            this.#at += skipped
            this.#hasSkipped = skipped > 0
          }
          if (this.#left === 0) return 'more'
          this.#section.begin()
          this.#state = 'head'
          break
        }
        case 'head':
          return this.#readHead()
        case 'length':
        case 'until_close':
          if (this.#left === 0) return 'more'
          return this.#piece(
            this.#at,
            this.#state === 'length' ? Math.min(this.#bytes.length, this.#at + this.#rest) : this.#bytes.length,
          )
        case 'chunked': {
          const step = this.#chunks.step(this.#bytes, this.#at)
          this.#at = this.#chunks.at
          if (step === 'data') return this.#piece(this.#chunks.from, this.#chunks.to)
          if (step === 'more') return 'more'
          if (step === 'refused') return this.#refuse(this.#chunks.refusal)
          this.#trailers.begin()
          this.#state = 'trailers'
          break
        }
        case 'trailers': {
          const length = this.#trailers.scan(this.#bytes, this.#at)
          if (length === MORE) return 'more'
          if (length === REFUSED) return this.#refuse(this.#trailers.refusal)
          this.trailers = fieldsOf(this.#trailers, this.#bytes, this.#at, length)
          this.#at += length
          this.#state = 'whole'
          break
        }
        case 'whole':
          this.#state = this.#keepsAlive ? 'idle' : 'over'
          this.#hasSkipped = false
          this.ended()
          return 'end'
        case 'handover':
          return 'handover'
        case 'over':
          return 'closed'
      }
  }

  /** The other side has ended the connection, and `next` has said 'more' or 'closed': what that means. */
  end(): Step {
    if (this.refusal !== undefined) return 'refused'
    if (this.#state === 'until_close') {
      this.#state = 'over'
      this.ended()
      return 'end'
    }
    if (this.#state === 'handover') return 'handover'
    if (this.#state === 'over' || (this.isIdle && !this.isOwed())) {
      this.#state = 'over'
      return 'closed'
    }
    return this.#refuse(refuse('incomplete', 'the connection ended within a message'))
  }

  /** Whether a message may begin now. */
  protected abstract canBegin(): boolean
  /** Whether a message must come still. */
  protected abstract isOwed(): boolean
  /** How many octets before a message are to be passed over; undefined: not to be known yet. */
  protected abstract skipBefore(bytes: Buffer, at: number): number | undefined
  protected abstract readHead(section: FieldSection, bytes: Buffer, start: number, length: number): Head | Refusal
  protected abstract courseOf(head: Head): Course
  /** A message is whole. */
  protected abstract ended(): void

  #readHead(): Step {
    const length = this.#section.scan(this.#bytes, this.#at)
    if (length === MORE) return 'more'
    if (length === REFUSED) return this.#refuse(this.#section.refusal)
    const head = this.readHead(this.#section, this.#bytes, this.#at, length)
    if (isRefusal(head)) return this.#refuse(head)
    this.#head = head
    this.#at += length
    const course = this.courseOf(head)
    this.#keepsAlive = course.keepsAlive
    this.#rest = course.length
    this.trailers = []
    if (course.isInterim) this.#state = 'idle'
    else if (course.body === 'none' || (course.body === 'length' && course.length === 0)) this.#state = 'whole'
    else this.#state = course.body
    if (course.body === 'chunked') this.#chunks.begin()
    return 'head'
  }

  #piece(from: number, to: number): Step {
    this.data = this.#bytes.subarray(from, to)
    this.#at = to
    if (this.#state === 'length') {
      this.#rest -= to - from
      if (this.#rest === 0) this.#state = 'whole'
    }
    return 'data'
  }

  #refuse(refusal: Refusal | undefined): Step {
    this.refusal = refusal
    this.#forget()
    return 'refused'
  }

  #forget(): void {
    this.#bytes = EMPTY
    this.#at = 0
    this.#behind.clear()
    this.#behindBytes = 0
  }
}

function isRefusal(head: unknown): head is Refusal {
  return typeof head === 'object' && head !== null && 'detail' in head
}

function fieldsOf({ offsets, offsetCount }: FieldSection, bytes: Buffer, start: number, length: number): FieldList {
  if (offsetCount === 0) return []
  const text = bytes.toString('latin1', start, start + length)
  const fields: FieldList = []
  for (let i = 0; i < offsetCount; i += 4)
    fields.push(
      fieldName(bytes, start + (offsets[i] ?? 0), start + (offsets[i + 1] ?? 0)),
      text.substring(offsets[i + 2] ?? 0, offsets[i + 3]),
    )
  return fields
}
