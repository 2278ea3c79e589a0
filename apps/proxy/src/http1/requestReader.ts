// The server's side: requests out of bytes, one after the other (see `MessageReader` for how it is used).

import type { FieldSection, HeadLimits } from './fieldSection.ts'
import { type Course, MessageReader } from './messageReader.ts'
import { CR, LF } from './octets.ts'
import type { Refusal } from './refusal.ts'
import { type RequestHead, RequestLine, readRequestHead } from './requestHead.ts'

export class RequestReader extends MessageReader<RequestHead> {
  readonly #line: RequestLine

  constructor(limits: HeadLimits) {
    const line = new RequestLine()
    super(limits, line.read, 'target_too_long')
    this.#line = line
  }

  protected override canBegin(): boolean {
    return true
  }

  protected override isOwed(): boolean {
    return false
  }

  /** One empty line before a request is an old client's mistake (RFC 9112, 2.2); more of them are noise. */
  protected override skipBefore(bytes: Buffer, at: number): number | undefined {
    if (bytes[at] !== CR) return 0
    if (at + 1 === bytes.length) return undefined
    return bytes[at + 1] === LF ? 2 : 0
  }

  protected override readHead(section: FieldSection, bytes: Buffer, start: number, length: number) {
    return readRequestHead(this.#line, section, bytes, start, length)
  }

  /** What asked for another protocol is not followed by HTTP: where it is not switched, the connection ends. */
  protected override courseOf(head: RequestHead): Course {
    const body = head.method === 'CONNECT' || head.upgrade !== null ? 'handover' : head.isChunked ? 'chunked' : 'length'
    return { body, length: head.contentLength ?? 0, keepsAlive: head.keepsAlive, isInterim: false }
  }

  protected override ended(): void {}
}

export type { Refusal, RequestHead }
