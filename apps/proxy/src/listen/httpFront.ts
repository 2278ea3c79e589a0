// node:http in front: strict parsing, limits on what a head may cost, and from each request an Exchange.
// The listeners around it say who is at the other end; what happens with the request is the handler's business.
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '@heddle/shared/clock'
import { MESH_ERRORS, type MeshErrorCode } from '@heddle/shared/errors'
import type { Connection, Connections } from './connections.ts'
import { decodeHead } from './decode.ts'
import { dropRest } from './dropRest.ts'
import type { Handler, Origin, RequestHead } from './exchange.ts'
import { NodeExchange } from './nodeExchange.ts'
import { isRefusal, type Refusal, refusalAnswer, refusalBytes } from './refusal.ts'

/** Larger heads are refused with 431 (nginx, HAProxy and Node agree on 16 KiB); more fields as well (Envoy: 100). */
export const HEAD_LIMITS: HeadLimits = { bytes: 16 * 1024, fields: 100 }
/** Of the mesh port: what the proxy before has added must not make a head too large that was not. */
export const MESH_HEAD_LIMITS: HeadLimits = { bytes: 18 * 1024, fields: 116 }
/** More connections than this are closed at once (Envoy's advice for an edge). */
const MAX_CONNECTIONS = 10_000
/** A head that is not there after this was not meant to come. */
const HEAD_TIMEOUT_MS = 10_000
/** What node:http calls a head that is not there in time. */
const TIMED_OUT = 'ERR_HTTP_REQUEST_TIMEOUT'

/** The application is about to end: the caller may send the request to another instance. */
const ENDING: Refusal = { code: 'app_unreachable', detail: 'this instance is ending' }

export interface HeadLimits {
  bytes: number
  fields: number
}

/** `idleMs`: how long an idle connection is kept; 0 for ever, so that the other side closes first. */
export function frontOptions(idleMs: number, limits: HeadLimits): ServerOptions {
  return {
    maxHeaderSize: limits.bytes,
    insecureHTTPParser: false,
    // Judged by decodeHead, so that the answer is the mesh's own.
    requireHostHeader: false,
    headersTimeout: HEAD_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
    // Streams may last; the path ends those in which nothing moves.
    requestTimeout: 0,
    keepAliveTimeout: idleMs,
    noDelay: true,
    shouldUpgradeCallback: (request) => {
      const head = decodeHead(rawHead(request), limits.fields)
      return !isRefusal(head) && head.upgrade !== null
    },
  }
}

export interface FrontParts {
  connections: Connections
  clock: Clock
  handle: Handler
  limits: HeadLimits
  /** A request was refused before it became one, on a connection whose other end is known. */
  refused(origin: Origin, code: MeshErrorCode): void
  /** A head that may be served on this connection, or why not. */
  admit(connection: Connection, head: RequestHead): RequestHead | Refusal
  /** CONNECT; null where it is refused. */
  connect: ((socket: Socket, request: { authority: string; early: Buffer }) => void) | null
}

export function serveExchanges(server: Server, parts: FrontParts): void {
  const { connections, clock, handle, limits } = parts
  // Above this node:http would drop fields silently; decodeHead counts instead.
  server.maxHeadersCount = 0
  server.timeout = 0
  server.maxConnections = MAX_CONNECTIONS

  const admit = (connection: Connection, decoded: RequestHead | Refusal): RequestHead | Refusal =>
    isRefusal(decoded) ? decoded : connections.isDrained ? ENDING : parts.admit(connection, decoded)

  const begin = (
    request: IncomingMessage,
    response: ServerResponse | null,
    socket: Socket,
    early: Buffer | null,
    expectsInvitation: boolean,
  ): void => {
    const receivedAtMs = clock.monotonic()
    const connection = connections.of(socket)
    if (connection === undefined || socket.destroyed) {
      socket.destroy()
      return
    }
    const { origin } = connection
    const head = 'code' in origin ? origin : admit(connection, decodeHead(rawHead(request), limits.fields))
    if ('code' in origin || isRefusal(head)) {
      connection.isEnding = true
      if (isRefusal(head)) refuse(head, request, response, socket, expectsInvitation)
      if (!('code' in origin) && isRefusal(head)) parts.refused(origin, head.code)
      return
    }
    connections.began(connection)
    const over = (): void => connections.ended(connection)
    if (response === null) socket.once('close', over)
    else response.once('close', over)
    handle(
      new NodeExchange({
        request,
        response,
        connection,
        origin,
        head,
        receivedAtMs,
        early,
        expectsInvitation,
      }),
    )
  }

  server.on('request', (request, response) => begin(request, response, request.socket, null, false))
  server.on('checkContinue', (request, response) => begin(request, response, request.socket, null, true))
  server.on('checkExpectation', (request, response) => begin(request, response, request.socket, null, false))
  server.on('upgrade', (request: IncomingMessage, _socket: Duplex, early: Buffer) =>
    begin(request, null, request.socket, early, false),
  )
  server.on('connect', (request: IncomingMessage, _socket: Duplex, early: Buffer) => {
    if (parts.connect !== null) parts.connect(request.socket, { authority: request.url ?? '', early })
    else {
      request.socket.end(refusalBytes('protocol_unsupported', 'CONNECT is not served here'))
      request.socket.once('finish', () => request.socket.destroy())
    }
  })
  server.on('clientError', (error: NodeJS.ErrnoException, duplex: Duplex) => {
    const refusal = refusalOf(error)
    const connection = connections.of(duplex)
    if (connection?.isEnding === true) return
    if (error.code === TIMED_OUT && 'bytesRead' in duplex && duplex.bytesRead === 0) {
      // Nothing was asked: nobody is answered and nothing counted. Node times a head anew from its first byte, so that
      // a connection that was opened ahead of its first request may stay where the other side closes idle ones.
      if (server.keepAliveTimeout > 0) duplex.destroy()
      return
    }
    // With an answer under way, bytes of ours would be read as part of it.
    if (refusal === undefined || duplex.destroyed || !duplex.writable || (connection?.active ?? 0) > 0) {
      duplex.destroy()
      return
    }
    if (connection !== undefined && !('code' in connection.origin)) parts.refused(connection.origin, refusal.code)
    duplex.end(refusalBytes(refusal.code, refusal.detail))
    duplex.once('finish', () => duplex.destroy())
  })
}

/** Answers and ends the connection: nobody knows what follows, or it is not for us. */
function refuse(
  { code, detail }: Refusal,
  request: IncomingMessage,
  response: ServerResponse | null,
  socket: Socket,
  expectsInvitation: boolean,
): void {
  if (response === null) {
    socket.end(refusalBytes(code, detail))
    socket.once('finish', () => socket.destroy())
    return
  }
  // Through the response, so that it waits its turn behind the answers to earlier requests.
  const { status, headers, body } = refusalAnswer(code, detail)
  response.shouldKeepAlive = false
  const answer = (): void => {
    response.writeHead(status, headers)
    response.end(request.method === 'HEAD' ? undefined : body)
  }
  // A caller that is to go elsewhere must get this answer, not a reset: node:http closes at once after it.
  if (MESH_ERRORS[code].elsewhere === true && !expectsInvitation) dropRest(request, answer)
  else answer()
}

function refusalOf(error: NodeJS.ErrnoException): Refusal | undefined {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return { code: 'headers_too_large', detail: 'the head is too large' }
    case TIMED_OUT:
      return { code: 'malformed', detail: 'the head did not arrive in time' }
    case 'HPE_PAUSED_H2_UPGRADE':
      return { code: 'protocol_unsupported', detail: 'HTTP/2 is not served here' }
    default:
      return error.code?.startsWith('HPE_') === true
        ? { code: 'malformed', detail: 'this is not HTTP/1.1 as RFC 9112 has it' }
        : undefined
  }
}

function rawHead(request: IncomingMessage): Parameters<typeof decodeHead>[0] {
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    httpVersion: request.httpVersion,
    rawHeaders: request.rawHeaders,
  }
}
