// Just enough of HTTP/1.1 for a generator: answers with a Content-Length, one at a time. Pure.

const HEAD_END = Buffer.from('\r\n\r\n')
const NONE = Buffer.alloc(0)

export class AnswerReader {
  #head: Buffer = NONE
  #status = 0
  /** Of the body, still to come; -1: the head is not whole. */
  #missing = -1

  /** The status once an answer is whole, 0 before. Throws where its end cannot be told, or more came than was asked for. */
  read(chunk: Buffer): number {
    let rest = chunk
    if (this.#missing < 0) {
      const head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
      const end = head.indexOf(HEAD_END)
      if (end < 0) {
        this.#head = head
        return 0
      }
      this.#readHead(head.toString('latin1', 0, end))
      rest = head.subarray(end + HEAD_END.length)
      this.#head = NONE
    }
    this.#missing -= rest.length
    if (this.#missing > 0) return 0
    if (this.#missing < 0) throw new Error('more came than one answer')
    this.#missing = -1
    return this.#status
  }

  #readHead(head: string): void {
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (length === undefined) throw new Error(`an answer without Content-Length:\n${head}`)
    this.#status = Number(head.slice(9, 12))
    this.#missing = Number(length)
  }
}
