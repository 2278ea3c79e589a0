// The port on loopback through which the application calls out: plain HTTP, absolute-form or by Host, and CONNECT.
// Whoever can open it is the service, which is why it never listens anywhere else.
import { createServer } from 'node:http'
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import { Connections } from './connections.ts'
import type { Handler, Origin } from './exchange.ts'
import { frontOptions, HEAD_LIMITS, serveExchanges } from './httpFront.ts'
import type { Listener } from './inboundListener.ts'
import { closeServer, listenOn, stopAccepting } from './socketServer.ts'
import { openTunnel, type Tunnel, type TunnelAuthority } from './tunnel.ts'

/** Longer than clients keep idle connections, so that the client closes first. */
const IDLE_MS = 600_000

export interface OutboundParts {
  clock: Clock
  handle: Handler
  refused(origin: Origin, code: MeshErrorCode): void
  handleTunnel(tunnel: Tunnel): void
}

export async function startOutboundListener(parts: OutboundParts, port: number): Promise<Listener> {
  const { clock } = parts
  const connections = new Connections(clock)
  const server = createServer(frontOptions(IDLE_MS, HEAD_LIMITS))
  /** Connections whose requests must name the authority of the CONNECT that they came in. */
  const tunnelled = new WeakMap<object, TunnelAuthority>()

  server.on('connection', (socket) => {
    // The inside of a CONNECT comes here a second time.
    if (connections.of(socket) !== undefined) return
    socket.on('error', () => {})
    connections.add(socket, { kind: 'app' })
  })
  serveExchanges(server, {
    connections,
    clock,
    handle: parts.handle,
    limits: HEAD_LIMITS,
    refused: parts.refused,
    connect: (socket, { authority, early }) => {
      if (tunnelled.has(socket)) {
        socket.destroy()
        return
      }
      openTunnel({
        socket,
        authority,
        early,
        receivedAtMs: clock.monotonic(),
        handle: parts.handleTunnel,
        serveHttp: (inside) => {
          tunnelled.set(socket, inside)
          server.emit('connection', socket)
        },
      })
    },
    admit: (connection, head) => {
      const inside = tunnelled.get(connection.socket)
      if (inside === undefined) return head
      if (head.target.authority !== inside.host)
        return { code: 'misdirected', detail: `Host does not name ${inside.host}, to which CONNECT was made` }
      return { ...head, target: { ...head.target, port: inside.port } }
    },
  })
  return {
    port: await listenOn(server, '127.0.0.1', port),
    connections,
    stopAccepting: () => stopAccepting(server),
    close: () => closeServer(server, connections),
  }
}
