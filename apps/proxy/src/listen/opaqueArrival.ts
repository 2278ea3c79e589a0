// A connection of another proxy that carries opaque bytes, as it arrives at the mesh port.
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Origin } from './exchange.ts'
import type { Refusal } from './refusal.ts'

export interface OpaqueArrival {
  readonly socket: TLSSocket
  /** What lies under its TLS; undefined where it has gone already. */
  readonly tcp: Socket | undefined
  /** Who is at the other end, or why nothing is served to them. */
  readonly origin: Origin | Refusal
}
