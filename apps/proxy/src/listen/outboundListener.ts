// The port on loopback through which the application calls out: plain HTTP, absolute-form or by Host, and CONNECT.
// Whoever can open it is the service, which is why it never listens anywhere else.
import { createServer } from 'node:net'
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import { CallerConnection } from './callerConnection.ts'
import { Connections } from './connections.ts'
import type { Handler, Origin } from './exchange.ts'
import { type Front, HEAD_LIMITS, HEAD_MS, type Http2Front, MAX_CONNECTIONS, SOCKETS } from './front.ts'
import type { Listener } from './inboundListener.ts'
import { closeServer, listenOn } from './socketServer.ts'
import { openTunnel, type Tunnel, type TunnelAuthority } from './tunnel.ts'

/** Longer than clients keep idle connections, so that the client closes first. */
const IDLE_MS = 600_000

export interface OutboundParts {
  clock: Clock
  handle: Handler
  refused(origin: Origin, code: MeshErrorCode): void
  handleTunnel(tunnel: Tunnel): void
  http2: Http2Front
}

export async function startOutboundListener(parts: OutboundParts, port: number): Promise<Listener> {
  const { clock } = parts
  const connections = new Connections(clock)
  const front: Front = {
    connections,
    clock,
    limits: HEAD_LIMITS,
    patience: { headMs: HEAD_MS, idleMs: IDLE_MS, requestMs: 0 },
    handle: parts.handle,
    refused: parts.refused,
    admit: (_origin, head) => head,
    http2: parts.http2,
    connect: (connection, authority, early) =>
      openTunnel({
        socket: connection.socket,
        authority,
        early,
        clock,
        handle: parts.handleTunnel,
        serveHttp: (inside) => new CallerConnection(connection, insideOf(front, inside)),
      }),
  }
  const server = createServer(SOCKETS, (socket) => {
    socket.on('error', () => {})
    new CallerConnection(connections.add(socket, { kind: 'app' }), front)
  })
  server.maxConnections = MAX_CONNECTIONS
  return {
    port: await listenOn(server, '127.0.0.1', port),
    connections,
    stopAccepting: () => void server.close(),
    close: () => closeServer(server, connections),
  }
}

/** What requests in a CONNECT must name is the authority that it was made to. */
function insideOf(front: Front, inside: TunnelAuthority): Front {
  return {
    ...front,
    connect: null,
    admit: (_origin, head) =>
      head.target.authority === inside.host
        ? { ...head, target: { ...head.target, port: inside.port } }
        : { code: 'misdirected', detail: `Host does not name ${inside.host}, to which CONNECT was made` },
  }
}
