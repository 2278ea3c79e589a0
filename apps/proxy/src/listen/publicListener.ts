// The plain port for callers outside the mesh; there is none unless the service asks for it (`--public-port`).
import { createServer } from 'node:net'
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import { CallerConnection } from './callerConnection.ts'
import { Connections } from './connections.ts'
import type { Handler, Origin, RequestHead } from './exchange.ts'
import { HEAD_LIMITS, HEAD_MS, MAX_CONNECTIONS, SOCKETS } from './front.ts'
import type { Listener } from './inboundListener.ts'
import type { Refusal } from './refusal.ts'
import { closeServer, listenOn } from './socketServer.ts'

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
  const front = {
    connections,
    clock: parts.clock,
    limits: HEAD_LIMITS,
    patience: { headMs: HEAD_MS, idleMs: IDLE_MS, requestMs: parts.requestMs ?? REQUEST_MS },
    handle: parts.handle,
    refused: parts.refused,
    connect: null,
    http2: null,
    admit: (_origin: Origin, head: RequestHead): RequestHead | Refusal =>
      head.target.form === 'absolute'
        ? { code: 'misdirected', detail: 'this port forwards to its own application only' }
        : head,
  }
  const server = createServer(SOCKETS, (socket) => {
    socket.on('error', () => {})
    new CallerConnection(connections.add(socket, { kind: 'public', address: socket.remoteAddress ?? '' }), front)
  })
  server.maxConnections = MAX_CONNECTIONS
  return {
    port: await listenOn(server, address, port),
    connections,
    stopAccepting: () => void server.close(),
    close: () => closeServer(server, connections),
  }
}
