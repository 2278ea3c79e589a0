// COPY … FROM STDIN over a connection of `pg`, which has the protocol's messages but no stream for them. Text format.
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Client, Connection } from 'pg'

/** What a connection can do while it copies; the types of `pg` leave it out. */
interface CopyingConnection {
  readonly stream: Duplex
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** A message to the server is this long at least: per line it would cost more than the line. */
const CHUNK_CHARACTERS = 256 * 1024

/** Rows on their way into one table. */
export class CopyIn {
  readonly #text: string
  readonly #started = Promise.withResolvers<CopyingConnection>()
  readonly #ended = Promise.withResolvers<void>()
  #connection: CopyingConnection | undefined
  #lines: string[] = []
  #characters = 0

  /** `text`: the whole statement. */
  static async start(client: Client, text: string): Promise<CopyIn> {
    const copy = new CopyIn(text)
    client.query(copy)
    copy.#connection = await copy.#started.promise
    return copy
  }

  private constructor(text: string) {
    this.#text = text
    this.#ended.promise.catch(() => {})
  }

  /** `line`: the columns with tabs between, escaped. */
  write(line: string): void {
    this.#lines.push(line)
    this.#characters += line.length
    if (this.#characters >= CHUNK_CHARACTERS) this.#send()
  }

  /** Waits while the server has more to do than it can. */
  async drained(): Promise<void> {
    const stream = this.#connection?.stream
    if (stream?.writableNeedDrain === true) await Promise.race([once(stream, 'drain'), this.#ended.promise])
  }

  /** Resolves once the server has all rows; throws what it has against them. */
  async end(): Promise<void> {
    this.#send()
    this.#connection?.endCopyFrom()
    await this.#ended.promise
  }

  #send(): void {
    if (this.#lines.length === 0) return
    this.#connection?.sendCopyFromChunk(Buffer.from(`${this.#lines.join('\n')}\n`))
    this.#lines = []
    this.#characters = 0
  }

  // From here on: what `pg` calls.

  submit(connection: Connection): void {
    connection.query(this.#text)
  }
  handleCopyInResponse(connection: CopyingConnection): void {
    this.#started.resolve(connection)
  }
  handleError(error: Error): void {
    this.#started.reject(error)
    this.#ended.reject(error)
  }
  handleReadyForQuery(): void {
    this.#ended.resolve()
  }
  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}

/** Labels of the mesh hold nothing that COPY's text format would take for something else, but for a backslash. */
export const escapeText = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t')
