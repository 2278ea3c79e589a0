// The client's side: answers out of bytes, each to a request that was announced here before (see `MessageReader`).
import type { FieldSection, HeadLimits } from './fieldSection.ts'
import { type Course, MessageReader } from './messageReader.ts'
import { malformed, type Refusal } from './refusal.ts'
import { type ResponseHead, readResponseHead, StatusLine } from './responseHead.ts'

/** A server that keeps on hinting is talking to itself. */
const MAX_INTERIM = 16

export class ResponseReader extends MessageReader<ResponseHead> {
  readonly #line: StatusLine
  /** Methods of the requests that were sent and not answered whole. */
  readonly #asked: string[] = []
  #interim = 0

  constructor(limits: HeadLimits) {
    const line = new StatusLine()
    super(limits, line.read, 'head_too_large')
    this.#line = line
  }

  /** A request was sent. Before that, whatever comes is refused: an answer to nobody is the answer to somebody else. */
  asked(method: string): void {
    this.#asked.push(method)
  }

  protected override canBegin(): boolean {
    return this.#asked.length > 0
  }

  protected override isOwed(): boolean {
    return this.#asked.length > 0
  }

  protected override skipBefore(): number {
    return 0
  }

  protected override readHead(
    section: FieldSection,
    bytes: Buffer,
    start: number,
    length: number,
  ): ResponseHead | Refusal {
    const head = readResponseHead(this.#line, section, bytes, start, length, this.#asked[0] ?? '')
    if ('detail' in head || !isInterim(head)) return head
    return ++this.#interim > MAX_INTERIM ? malformed('too many informational answers') : head
  }

  protected override courseOf(head: ResponseHead): Course {
    return {
      body: head.body,
      length: head.contentLength ?? 0,
      keepsAlive: head.keepsAlive,
      isInterim: isInterim(head),
    }
  }

  protected override ended(): void {
    this.#interim = 0
    this.#asked.shift()
  }
}

/** 1xx but 101, which is the last word of HTTP on its connection. */
function isInterim({ status }: ResponseHead): boolean {
  return status < 200 && status !== 101
}
