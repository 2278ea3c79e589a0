// Puts the path of opaque TCP connections together: the local ports of `--upstream`, what arrives at the mesh port, and
// what is open of both.
import type { Clock } from '@heddle/shared/clock'
import type { Upstream } from '@heddle/shared/upstream'
import type { IdentitySource, Log, MeshView, Telemetry } from '../interfaces.ts'
import type { OpaqueArrival } from '../listen/opaqueArrival.ts'
import { startUpstreamListener, type UpstreamListener } from '../listen/upstreamListener.ts'
import type { Destinations } from './destinations.ts'
import type { InboundPolicy } from './inboundPolicy.ts'
import { OpaqueConnections } from './opaqueConnections.ts'
import { serveOpaqueInbound } from './opaqueInbound.ts'
import { serveOpaqueOutbound } from './opaqueOutbound.ts'

/** Short exchanges end within this; a database's client holds its connection until the database says goodbye. */
const DRAIN_MS = 5_000

export interface OpaquePathParts {
  view: MeshView
  policy: InboundPolicy
  destinations: Destinations
  identity: IdentitySource
  telemetry: Telemetry
  clock: Clock
  random: () => number
  log: Log
  settings: {
    service: string
    version: string
    appPort: number | null
    upstreams?: readonly Upstream[]
    limits?: { maxOpaque?: number }
  }
}

export interface OpaquePath {
  /** Binds the local ports; gives them in their order. Rejects with the system's error, e.g. EADDRINUSE. */
  listen(): Promise<number[]>
  arrived(arrival: OpaqueArrival): void
  /** To be called about once a second. */
  sweep(): void
  /** What comes from now on is refused so that it goes elsewhere; waits a moment for what is open. */
  drain(deadlineMs: number): Promise<void>
  close(): Promise<void>
}

export function createOpaquePath({ settings, ...parts }: OpaquePathParts): OpaquePath {
  const { service, version, appPort, upstreams = [], limits } = settings
  const opaque = new OpaqueConnections({ ...parts, maxOpen: limits?.maxOpaque })
  const listeners: UpstreamListener[] = []
  const guarded = (serving: Promise<void>, end: () => void): void =>
    void serving.catch((error: unknown) => {
      const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
      parts.log.error('a TCP connection ended in an error of the proxy itself', { error: cause })
      end()
    })
  return {
    listen: async () => {
      for (const { name, port } of upstreams)
        listeners.push(
          await startUpstreamListener(port, (socket) =>
            guarded(serveOpaqueOutbound(socket, name, { ...parts, opaque, service }), () => socket.destroy()),
          ),
        )
      return listeners.map(({ port }) => port)
    },
    arrived: (arrival) => {
      if (appPort === null) arrival.socket.destroy()
      else
        guarded(serveOpaqueInbound(arrival, { ...parts, opaque, service, version, appPort }), () =>
          arrival.socket.destroy(),
        )
    },
    sweep: () => opaque.sweep(),
    drain: (deadlineMs) => opaque.drain(Math.min(deadlineMs, DRAIN_MS)),
    close: async () => {
      const closed = listeners.map((listener) => listener.close())
      opaque.close()
      await Promise.all(closed)
    },
  }
}
