// The plain port for callers outside the mesh; there is none unless the service asks for it (`--public-port`).
import { createServer } from 'node:http'
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import { Connections } from './connections.ts'
import type { Handler, Origin } from './exchange.ts'
import { frontOptions, HEAD_LIMITS, serveExchanges } from './httpFront.ts'
import type { Listener } from './inboundListener.ts'
import { closeServer, listenOn, stopAccepting } from './socketServer.ts'

/** Strangers' connections are kept idle this long (nginx: 75 s). */
const IDLE_MS = 60_000
/** A stranger's whole request, with its body, has this long to come (Node's own default); mesh streams have for ever. */
const REQUEST_MS = 300_000

export async function startPublicListener(
  parts: {
    clock: Clock
    handle: Handler
    refused(origin: Origin, code: MeshErrorCode): void
    requestMs?: number | undefined
  },
  address: string,
  port: number,
): Promise<Listener> {
  const connections = new Connections(parts.clock)
  const options = frontOptions(IDLE_MS, HEAD_LIMITS)
  const requestTimeout = parts.requestMs ?? REQUEST_MS
  const headersTimeout = Math.min(options.headersTimeout ?? requestTimeout, requestTimeout)
  const server = createServer({ ...options, requestTimeout, headersTimeout })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    connections.add(socket, { kind: 'public', address: socket.remoteAddress ?? '' })
  })
  serveExchanges(server, {
    connections,
    clock: parts.clock,
    handle: parts.handle,
    limits: HEAD_LIMITS,
    refused: parts.refused,
    connect: null,
    admit: (_connection, head) =>
      head.target.form === 'absolute'
        ? { code: 'misdirected', detail: 'this port forwards to its own application only' }
        : head,
  })
  return {
    port: await listenOn(server, address, port),
    connections,
    stopAccepting: () => stopAccepting(server),
    close: () => closeServer(server, connections),
  }
}
