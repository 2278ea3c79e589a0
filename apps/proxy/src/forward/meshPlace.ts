// The connections to one endpoint under one certificate of ours. What both ends speak is agreed on with each: HTTP/2, over
// which all requests share one connection, or HTTP/1.1 with an older proxy. What is to switch to another protocol goes over
// HTTP/1.1 always, which alone can (RFC 9113, 8.6).
import type { Clock } from '@heddle/shared/clock'
import { MESH_LIMITS } from '../http2/limits.ts'
import type { PeerIdentity } from '../interfaces.ts'
import type { HeaderList } from '../listen/exchange.ts'
import type { BufferBudget } from '../transport/bufferBudget.ts'
import { Http2Pool, type Negotiated } from './http2Pool.ts'
import { Pool } from './pool.ts'
import type { OutgoingRequest, Sending, Upstream } from './upstream.ts'

/** Callers close idle mesh connections, servers never do. */
const IDLE_MS = 60_000
/** A peer whose host is gone says nothing, and its requests are better sent again than waited for. */
const CARE = { idleMs: IDLE_MS, ping: { afterMs: 5_000, withinMs: 5_000 } }

export type DialMesh = (protocols: readonly Negotiated['protocol'][]) => Promise<Negotiated>

export class MeshPlace implements Upstream {
  readonly #http2: Http2Pool
  readonly #http1: Pool
  readonly #switching: Pool

  constructor(dial: DialMesh, budget: BufferBudget, clock: Clock) {
    const http1 = (): Pool => new Pool(() => dial(['http/1.1']), { to: 'mesh', idleMs: IDLE_MS }, clock)
    this.#http1 = http1()
    this.#switching = http1()
    this.#http2 = new Http2Pool({
      dial: () => dial(['h2', 'http/1.1']),
      options: { to: 'mesh', limits: MESH_LIMITS, care: CARE },
      budget,
      clock,
      other: (dialled) => {
        this.#http1.adopt(dialled)
        return this.#http1
      },
    })
  }

  get isEmpty(): boolean {
    return this.#http2.isEmpty && this.#http1.isEmpty && this.#switching.isEmpty
  }

  send(request: OutgoingRequest, inform: (status: number, headers: HeaderList) => void): Sending {
    if (request.upgrade !== null) return this.#switching.send(request, inform)
    // An older proxy, for as long as a connection to it lasts: the next one may be of its successor.
    if (!this.#http1.isEmpty && !this.#http2.isInUse) return this.#http1.send(request, inform)
    return this.#http2.send(request, inform)
  }

  /** Takes no further request; connections end when what they carry does. */
  retire(): void {
    for (const pool of this.#pools) pool.retire()
  }

  /** To be called about once a second. */
  sweep(): void {
    for (const pool of this.#pools) pool.sweep()
  }

  destroyWhere(matches: (peer: PeerIdentity) => boolean): void {
    for (const pool of this.#pools) pool.destroyWhere(matches)
  }

  destroy(): void {
    for (const pool of this.#pools) pool.destroy()
  }

  get #pools(): (Http2Pool | Pool)[] {
    return [this.#http2, this.#http1, this.#switching]
  }
}
