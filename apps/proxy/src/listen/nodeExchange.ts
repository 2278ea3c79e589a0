// Exchange on top of node:http: one IncomingMessage and its ServerResponse, or the bare socket of an upgrade.
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex, Readable } from 'node:stream'
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { Connection } from './connections.ts'
import { dropRest } from './dropRest.ts'
import type { AnswerSink, Exchange, HeaderList, Origin, RequestHead } from './exchange.ts'
import { headBytes, refusalAnswer } from './refusal.ts'

/** RFC 9112, 4; what is none is left out. */
const REASON_PHRASE = /^[\t\x20-\x7e\x80-\xff]+$/

export interface NodeExchangeParts {
  request: IncomingMessage
  /** null for an upgrade: the socket was taken from the server. */
  response: ServerResponse | null
  connection: Connection
  origin: Origin
  head: RequestHead
  receivedAtMs: number
  /** Bytes that came behind the head of an upgrade. */
  early: Buffer | null
  expectsInvitation: boolean
}

export class NodeExchange implements Exchange {
  readonly head: RequestHead
  readonly origin: Origin
  readonly receivedAtMs: number
  readonly body: Readable | null
  readonly #request: IncomingMessage
  readonly #connection: Connection
  readonly #early: Buffer | null
  #response: ServerResponse | null
  #expectsInvitation: boolean
  #hasAnswered = false
  #isOver = false
  #onGone: (() => void) | undefined
  #isGone = false

  constructor(parts: NodeExchangeParts) {
    this.head = parts.head
    this.origin = parts.origin
    this.receivedAtMs = parts.receivedAtMs
    this.#request = parts.request
    this.#connection = parts.connection
    this.#early = parts.early
    this.#response = parts.response
    this.#expectsInvitation = parts.expectsInvitation
    this.body = hasBody(parts.request) ? parts.request : null
    // A body that breaks off is told to its reader by 'close' before 'end'; without a listener it would be thrown.
    if (this.body !== null) this.body.on('error', () => {})
    const { response } = parts
    if (response === null) parts.connection.socket.once('close', () => this.#closed())
    else {
      response.on('error', () => {})
      response.once('close', () => this.#closed())
    }
  }

  get hasAnswered(): boolean {
    return this.#hasAnswered
  }

  onGone(listener: () => void): void {
    if (this.#isGone) listener()
    else this.#onGone = listener
  }

  invite(): void {
    if (!this.#expectsInvitation || this.#hasAnswered || this.#isGone) return
    this.#expectsInvitation = false
    this.#response?.writeContinue()
  }

  inform(status: number, headers: HeaderList): void {
    if (this.#hasAnswered || this.#isGone || this.#request.httpVersion === '1.0') return
    // A pipelined request whose turn has not come has no socket yet; hints may be lost (RFC 9110, 15.2).
    this.#response?.socket?.write(headBytes(`HTTP/1.1 ${status} `, headers), 'latin1')
  }

  answer(status: number, statusText: string, headers: HeaderList): AnswerSink {
    this.#hasAnswered = true
    const response = this.#takeResponse()
    if (this.#connection.isRetiring) response.shouldKeepAlive = false
    let isFlushed = false
    if (!REASON_PHRASE.test(statusText)) response.writeHead(status, [...headers])
    else response.writeHead(status, statusText, [...headers])
    return {
      write: (chunk) => {
        isFlushed = true
        return response.write(chunk)
      },
      flush: () => {
        // A head alone waits for its body otherwise.
        if (!isFlushed && !response.writableEnded) response.flushHeaders()
        isFlushed = true
      },
      onDrain: (listener) => response.on('drain', listener),
      end: (trailers) => {
        if (trailers.length > 0 && response.chunkedEncoding) response.addTrailers(pairs(trailers))
        response.end()
        this.#linger()
      },
      abort: () => this.abort(),
    }
  }

  refuse(code: MeshErrorCode, detail?: string, headers: HeaderList = []): void {
    if (this.#hasAnswered || this.#isGone) return
    this.#hasAnswered = true
    const response = this.#takeResponse()
    // After a head that was not understood nobody knows where the next one begins.
    if (this.#connection.isRetiring || code === 'malformed' || code === 'headers_too_large')
      response.shouldKeepAlive = false
    const refusal = refusalAnswer(code, detail, headers)
    response.writeHead(refusal.status, refusal.headers)
    response.end(this.head.method === 'HEAD' ? undefined : refusal.body)
    this.#linger()
  }

  switchProtocols(headers: HeaderList): Duplex {
    this.#hasAnswered = true
    const { socket } = this.#connection
    this.#connection.isSwitched = true
    // From here on whoever moves the bytes sees the end of them.
    this.#isOver = true
    socket.write(headBytes('HTTP/1.1 101 Switching Protocols', headers), 'latin1')
    if (this.#early !== null && this.#early.length > 0) socket.unshift(this.#early)
    return socket
  }

  abort(): void {
    const { socket } = this.#connection
    // A reset says "broken" even where the end of the body is the end of the connection.
    if (!('encrypted' in socket) && !socket.destroyed) socket.resetAndDestroy()
    else socket.destroy()
  }

  #takeResponse(): ServerResponse {
    if (this.#response !== null) return this.#response
    const { socket } = this.#connection
    const response = new ServerResponse(this.#request)
    response.shouldKeepAlive = false
    response.on('error', () => {})
    response.assignSocket(socket)
    response.once('finish', () => {
      response.detachSocket(socket)
      this.#isOver = true
      socket.end()
    })
    this.#response = response
    return response
  }

  /** Where the answer was complete before the request, the rest is read and dropped within limits. */
  #linger(): void {
    const request = this.#request
    if (this.body === null || request.complete || request.destroyed) return
    dropRest(request, (isWhole) => {
      if (!isWhole) this.#connection.socket.destroy()
    })
  }

  #closed(): void {
    if (this.#isOver || this.#response?.writableFinished === true) return
    this.#isGone = true
    this.#onGone?.()
  }
}

function hasBody(request: IncomingMessage): boolean {
  const { headers } = request
  if (headers['transfer-encoding'] !== undefined) return true
  const length = headers['content-length']
  return length !== undefined && Number(length) > 0
}

function pairs(flat: HeaderList): [string, string][] {
  const list: [string, string][] = []
  for (let i = 0; i < flat.length; i += 2) list.push([flat[i] ?? '', flat[i + 1] ?? ''])
  return list
}
