// A WebSocket to the application beside us, through http-proxy-3. It is given one end of a pair of streams instead of
// the caller's socket, so that nothing reaches the caller before the answer was checked.
import { Agent, type ClientRequest, IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { type Duplex, duplexPair, PassThrough } from 'node:stream'
import { ProxyServer } from 'http-proxy-3'
import type { HeaderList } from '../listen/exchange.ts'
import { classifyError, type Progress } from './classifyError.ts'
import { dialApp } from './dial.ts'
import { readableBody } from './readableBody.ts'
import { wrongSwitch } from './switchCheck.ts'
import { type Outcome, type OutgoingRequest, type Sending, sendingOf, type Upstream } from './upstream.ts'

const HEAD_END = Buffer.from('\r\n\r\n')

/** For requests whose `upgrade` is "websocket" and no others. */
export function appWebSockets(port: number): Upstream {
  const proxy = new ProxyServer({
    target: { protocol: 'http:', host: '127.0.0.1', port },
    agent: new AppAgent(port),
  })
  // Errors come through the callback of each request; without a listener the rest would be thrown.
  proxy.on('error', () => {})
  return { send: (request) => sendUpgrade(proxy, request) }
}

/** Connects as every other request to the application does; each WebSocket has a connection of its own. */
class AppAgent extends Agent {
  readonly #port: number

  constructor(port: number) {
    super({ keepAlive: false })
    this.#port = port
  }

  override createConnection(_options: unknown, done?: (error: Error | null, socket: Duplex) => void): undefined {
    dialApp(this.#port).then(
      (socket) => done?.(null, socket),
      (error: Error) => done?.(error, new Socket()),
    )
  }
}

function sendUpgrade(proxy: ProxyServer, request: OutgoingRequest): Sending {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const [ours, theirs] = duplexPair()
  ours.on('error', () => {})
  theirs.on('error', () => {})
  let outgoing: ClientRequest | undefined
  const progress: Progress = { isConnected: false, isReused: false, hasSentBytes: false, hasAnswerBytes: false }
  const fail = (error: Error): void => {
    ours.destroy()
    theirs.destroy()
    resolve(classifyError(error, progress, 'app'))
  }

  const incoming = requestFor(request)
  const prepare = (made: ClientRequest, of: IncomingMessage): void => {
    if (of !== incoming) return
    outgoing = made
    // http-proxy-3 takes the target through URL, which writes some characters differently.
    made.path = request.target
    made.once('socket', () => {
      progress.isConnected = true
      progress.hasSentBytes = true
    })
    // These listeners come before http-proxy-3's own.
    made.once('upgrade', (answer, socket) => {
      progress.hasAnswerBytes = true
      const headers = lowerCased(answer.rawHeaders)
      const wrong = wrongSwitch(request, headers)
      if (wrong !== undefined) {
        socket.destroy()
        fail(new Error(wrong))
        return
      }
      // With the application's socket gone nobody reads there any more, and the pair would never end.
      socket.once('close', () => theirs.resume())
      dropHead(ours, () => resolve({ kind: 'switched', headers, stream: ours }))
    })
    made.once('response', (answer) => {
      progress.hasAnswerBytes = true
      theirs.destroy()
      const body = readableBody(answer.pipe(new PassThrough()), () => answer.destroy(), progress)
      answer.once('close', () => {
        if (!answer.complete) body.broke(new Error('the answer broke off'))
      })
      resolve({
        kind: 'answered',
        status: answer.statusCode ?? 502,
        statusText: answer.statusMessage ?? '',
        headers: lowerCased(answer.rawHeaders),
        body: body.body,
      })
    })
  }
  proxy.on('proxyReqWs', prepare)
  proxy.ws(incoming, withSocketMethods(theirs), Buffer.alloc(0), {}, fail)
  proxy.off('proxyReqWs', prepare)
  return sendingOf(promise, () => {
    outgoing?.destroy()
    fail(new Error('the request was broken off'))
  })
}

function requestFor(request: OutgoingRequest): IncomingMessage {
  const incoming = new IncomingMessage(new Socket())
  incoming.method = 'GET'
  incoming.url = request.target
  incoming.httpVersion = '1.1'
  incoming.httpVersionMajor = 1
  incoming.httpVersionMinor = 1
  const headers: Record<string, string | string[]> = { host: request.authority }
  for (let i = 0; i < request.headers.length; i += 2) {
    const name = request.headers[i] ?? ''
    const value = request.headers[i + 1] ?? ''
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined
    Object.defineProperty(headers, name, {
      value: before === undefined ? value : [before, value].flat(),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  headers.connection = 'Upgrade'
  headers.upgrade = request.upgrade ?? 'websocket'
  incoming.headers = headers as IncomingMessage['headers']
  return incoming
}

/** The first thing that http-proxy-3 writes is its own copy of the head that the path writes itself. */
function dropHead(stream: Duplex, then: () => void): void {
  let seen = Buffer.alloc(0)
  const look = (): void => {
    const chunk: unknown = stream.read()
    if (!Buffer.isBuffer(chunk)) return
    seen = Buffer.concat([seen, chunk])
    const end = seen.indexOf(HEAD_END)
    if (end === -1) return
    stream.off('readable', look)
    const rest = seen.subarray(end + HEAD_END.length)
    if (rest.length > 0) stream.unshift(rest)
    then()
  }
  stream.on('readable', look)
}

/** What http-proxy-3 calls on a caller's socket beyond what any Duplex has. */
function withSocketMethods(stream: Duplex): Duplex {
  return Object.assign(stream, {
    setTimeout: () => stream,
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    destroySoon: () => stream.end(),
  })
}

function lowerCased(rawHeaders: readonly string[]): HeaderList {
  return rawHeaders.map((text, at) => (at % 2 === 0 ? text.toLowerCase() : text))
}
