// Connections to other proxies: one pool for each endpoint and each generation of our certificate, so that nothing made
// under an older certificate or older roots takes a new request.
import type { Clock } from '@heddle/shared/clock'
import type { IdentitySource } from '../interfaces.ts'
import { dialMesh, type MeshTarget } from './dial.ts'
import { Pool } from './pool.ts'
import type { Upstream } from './upstream.ts'

/** Callers close idle mesh connections, servers never do. */
const IDLE_MS = 60_000

interface Place {
  target: MeshTarget
  generation: number
  pool: Pool
}

/** What the request path needs of them. */
export type EndpointUpstreams = Pick<MeshUpstreams, 'at' | 'endedAtMs'>

export class MeshUpstreams {
  readonly #identity: IdentitySource
  readonly #clock: Clock
  readonly #places = new Map<string, Place>()
  /** Pools that take no new request, until their last one is over. */
  readonly #retired = new Set<Pool>()
  readonly #subscriptions: Disposable[]

  constructor(identity: IdentitySource, clock: Clock) {
    this.#identity = identity
    this.#clock = clock
    this.#subscriptions = [
      identity.onChange(() => this.#renew()),
      identity.onRevoked((isRevoked) => {
        for (const pool of this.#pools()) pool.destroyWhere(isRevoked)
      }),
    ]
  }

  /** Epoch milliseconds at which our certificate ended; null while it holds. Nobody would take it any more. */
  get endedAtMs(): number | null {
    const { notAfter } = this.#identity.current()
    return this.#clock.now() < notAfter ? null : notAfter
  }

  /** The upstream of an endpoint; the connection is refused unless `target.service` is who answers there. */
  at(target: MeshTarget): Upstream {
    const key = placeKey(target)
    const place = this.#places.get(key)
    if (place !== undefined) return place.pool
    const material = this.#identity.current()
    const dial = async () => {
      const { socket, peer } = await dialMesh(target, material, this.#identity)
      return { socket, peer, endAtMs: Math.min(peer.notAfter, material.notAfter) }
    }
    const pool = new Pool(dial, { to: 'mesh', idleMs: IDLE_MS }, this.#clock)
    this.#places.set(key, { target, generation: material.generation, pool })
    return pool
  }

  /** Retires the connections to endpoints of `service` that are not among `targets` any more. */
  keepOnly(service: string, targets: readonly MeshTarget[]): void {
    const kept = new Set(targets.map(placeKey))
    for (const [key, place] of this.#places)
      if (place.target.service === service && !kept.has(key)) this.#retire(key, place)
  }

  sweep(): void {
    for (const pool of this.#pools()) pool.sweep()
    for (const pool of this.#retired) if (pool.isEmpty) this.#retired.delete(pool)
  }

  destroy(): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]()
    for (const pool of this.#pools()) pool.destroy()
  }

  #renew(): void {
    const { generation } = this.#identity.current()
    for (const [key, place] of this.#places) if (place.generation !== generation) this.#retire(key, place)
  }

  #retire(key: string, place: Place): void {
    this.#places.delete(key)
    this.#retired.add(place.pool)
    place.pool.retire()
  }

  *#pools(): Iterable<Pool> {
    for (const place of this.#places.values()) yield place.pool
    yield* this.#retired
  }
}

function placeKey(target: MeshTarget): string {
  return `${target.service} ${target.address} ${target.port}`
}
