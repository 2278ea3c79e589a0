// One HTTP/1.1 connection, one request at a time: an undici Client on a socket that is connected already.
// undici reads what lies on an idle connection before it writes to it, so that a stray answer is never taken for ours.
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Client, type Dispatcher } from 'undici'
import type { HeaderList } from '../listen/exchange.ts'
import { type BodyBuffer, bufferBody } from './bodyBuffer.ts'
import { classifyError, DialError, type Progress } from './classifyError.ts'
import { wrongSwitch } from './switchCheck.ts'
import type { Outcome, OutgoingRequest, Sending } from './upstream.ts'

const MAX_HEAD_BYTES = 16 * 1024
/** A server that keeps on hinting is talking to itself; more 1xx than this are dropped. */
const MAX_INFORMATIONAL = 16

export interface ConnectionOptions {
  to: 'mesh' | 'app' | 'egress'
  /** How long an idle connection is kept where the server names no time of its own (`Keep-Alive: timeout=`). */
  idleMs: number
}

export class HttpConnection {
  readonly socket: Socket
  readonly #client: Client
  readonly #to: ConnectionOptions['to']
  /** It has carried a request, or has lain idle: the other side may have closed it meanwhile. */
  #isReused = false
  #isSwitched = false

  /** `socket` is connected; `onClose` is called once, when it is gone. */
  constructor(socket: Socket, options: ConnectionOptions, onClose: () => void) {
    this.socket = socket
    this.#to = options.to
    let isTaken = false
    this.#client = new Client('http://heddle.invalid', {
      connect: (_options, callback) => {
        // undici asks again where the connection died before the request was written.
        const result: [null, Socket] | [Error, null] =
          isTaken || socket.destroyed
            ? [new DialError('HEDDLE_CONNECT', 'the connection was closed'), null]
            : [null, socket]
        isTaken = true
        queueMicrotask(() => callback(...result))
      },
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: MAX_HEAD_BYTES,
      // The path ends what does not move; two clocks would disagree.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: options.idleMs,
      keepAliveMaxTimeout: options.idleMs,
      keepAliveTimeoutThreshold: 1_000,
      strictContentLength: true,
    })
    socket.once('close', onClose)
    // Until its first request nobody reads here: whatever comes, an end too, makes the connection useless.
    socket.on('readable', this.#spoil)
  }

  readonly #spoil = (): void => {
    this.socket.destroy()
  }

  get isUsable(): boolean {
    return !this.socket.destroyed && !this.#isSwitched
  }

  /** Nobody has a request for it now; for how long, nobody knows. */
  rest(): void {
    this.#isReused = true
  }

  /** Ends the connection at once; a request on it fails. */
  destroy(): void {
    this.socket.destroy()
    this.#client.destroy().catch(() => {})
  }

  /** `onFree` is called once: the request is over, and the connection can take another where it is usable still. */
  send(request: OutgoingRequest, inform: (status: number, headers: HeaderList) => void, onFree: () => void): Sending {
    const { socket } = this
    socket.off('readable', this.#spoil)
    const progress: Progress = {
      isConnected: true,
      isReused: this.#isReused,
      hasSentBytes: false,
      hasAnswerBytes: false,
    }
    this.#isReused = true
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    let controller: Dispatcher.DispatchController | undefined
    let body: BodyBuffer | undefined
    let isAborted = false
    let isOver = false
    let wasReset = false
    let informed = 0
    const noteReset = (): void => {
      wasReset = true
    }
    socket.on('error', noteReset)

    const over = (): void => {
      if (isOver) return
      isOver = true
      socket.off('error', noteReset)
      request.body?.destroy()
      // In the turn after, undici has ended a connection that cannot be used again.
      if (!this.#isSwitched) queueMicrotask(onFree)
    }
    const fail = (error: Error): void => {
      const failure = classifyError(error, progress, this.#to)
      if (body !== undefined) body.failed(failure)
      else resolve(failure)
      over()
    }
    const abort = (): void => {
      if (isOver || isAborted) return
      isAborted = true
      if (controller === undefined) socket.destroy()
      else controller.abort(new Error('the request was broken off'))
    }

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: (started) => {
        controller = started
        // Without a body the head leaves in this turn; with one it leaves with the first bytes of that.
        progress.hasSentBytes = request.body === null
        if (isAborted) started.abort(new Error('the request was broken off'))
      },
      onBodySent: () => {
        progress.hasSentBytes = true
      },
      onRequestSent: () => {
        progress.hasSentBytes = true
      },
      onResponseStarted: () => {
        progress.hasAnswerBytes = true
      },
      onResponseStart: (started, status, _headers, statusText) => {
        const headers = flatHeaders(started.rawHeaders)
        if (status < 200) {
          if (++informed <= MAX_INFORMATIONAL) inform(status, headers)
          return
        }
        body = bufferBody(started, abort)
        resolve({ kind: 'answered', status, statusText: statusText ?? '', headers, body: body.body })
      },
      onResponseData: (_started, chunk) => body?.data(chunk),
      onResponseEnd: (started) => {
        // Where the end of the connection is the end of the body, a reset is not an end.
        if (wasReset) fail(new Error('the connection was reset within the answer'))
        else body?.end(flatHeaders(started.rawTrailers))
        over()
      },
      onRequestUpgrade: (started, _status, _headers, stream: Duplex) => {
        this.#isSwitched = true
        progress.hasAnswerBytes = true
        const headers = flatHeaders(started.rawHeaders)
        const wrong = wrongSwitch(request, headers)
        if (wrong === undefined) resolve({ kind: 'switched', headers, stream })
        else {
          stream.destroy()
          fail(new Error(wrong))
        }
        over()
      },
      onResponseError: (_started, error) => fail(error),
    }

    try {
      this.#client.dispatch(
        {
          path: request.target,
          method: request.method,
          headers: framedHeaders(request),
          body: request.body,
          upgrade: request.upgrade,
          // undici would close after each HEAD, and after each GET with a body.
          ...(request.upgrade === null ? { reset: false } : {}),
        },
        handler,
      )
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
    return { outcome: promise, abort }
  }
}

function framedHeaders(request: OutgoingRequest): string[] {
  const headers = ['host', request.authority, ...request.headers]
  if (request.body !== null && request.contentLength !== null)
    headers.push('content-length', String(request.contentLength))
  return headers
}

/** undici gives raw fields as buffers of latin1. */
function flatHeaders(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return []
  const flat: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]
    const value = raw[i + 1]
    if (name === undefined || value === undefined) continue
    flat.push(
      (typeof name === 'string' ? name : name.toString('latin1')).toLowerCase(),
      typeof value === 'string' ? value : value.toString('latin1'),
    )
  }
  return flat
}
