// Connections to other proxies: those to one endpoint belong to one generation of our certificate, so that nothing made
// under an older certificate or older roots takes a new request.
import type { Clock } from '@heddle/shared/clock'
import type { IdentitySource } from '../interfaces.ts'
import type { BufferBudget } from '../transport/bufferBudget.ts'
import { dialMesh, type MeshTarget } from './dial.ts'
import { type DialMesh, MeshPlace } from './meshPlace.ts'
import type { Upstream } from './upstream.ts'

interface Known {
  target: MeshTarget
  generation: number
  place: MeshPlace
  isRetired: boolean
}

/** What the request path needs of them. */
export type EndpointUpstreams = Pick<MeshUpstreams, 'at' | 'endedAtMs'>

export class MeshUpstreams {
  readonly #identity: IdentitySource
  readonly #clock: Clock
  /** Of answers that nobody has taken yet. */
  readonly #budget: BufferBudget
  readonly #known = new Map<string, Known>()
  /** Of those, what was found for a target, by the object that it is. */
  readonly #found = new WeakMap<MeshTarget, Known>()
  /** Those that take no new request, until their last one is over. */
  readonly #retired = new Set<MeshPlace>()
  readonly #subscriptions: Disposable[]

  constructor(identity: IdentitySource, clock: Clock, budget: BufferBudget) {
    this.#budget = budget
    this.#identity = identity
    this.#clock = clock
    this.#subscriptions = [
      identity.onChange(() => this.#renew()),
      identity.onRevoked((isRevoked) => {
        for (const place of this.#places()) place.destroyWhere(isRevoked)
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
    const found = this.#found.get(target)
    if (found !== undefined && !found.isRetired) return found.place
    const key = placeKey(target)
    const known = this.#known.get(key) ?? this.#begin(key, target)
    this.#found.set(target, known)
    return known.place
  }

  /** Retires the connections to endpoints of `service` that are not among `targets` any more. */
  keepOnly(service: string, targets: readonly MeshTarget[]): void {
    const kept = new Set(targets.map(placeKey))
    for (const [key, known] of this.#known)
      if (known.target.service === service && !kept.has(key)) this.#retire(key, known)
  }

  sweep(): void {
    for (const place of this.#places()) place.sweep()
    for (const place of this.#retired) if (place.isEmpty) this.#retired.delete(place)
  }

  destroy(): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]()
    for (const place of this.#places()) place.destroy()
  }

  #begin(key: string, target: MeshTarget): Known {
    const material = this.#identity.current()
    const dial: DialMesh = async (protocols) => {
      const dialled = await dialMesh(target, material, this.#identity, protocols)
      return { ...dialled, endAtMs: Math.min(dialled.peer.notAfter, material.notAfter) }
    }
    const place = new MeshPlace(dial, this.#budget, this.#clock)
    const known = { target, generation: material.generation, place, isRetired: false }
    this.#known.set(key, known)
    return known
  }

  #renew(): void {
    const current = this.#identity.current()
    for (const [key, known] of this.#known) if (known.generation !== current.generation) this.#retire(key, known)
  }

  #retire(key: string, known: Known): void {
    known.isRetired = true
    this.#known.delete(key)
    this.#retired.add(known.place)
    known.place.retire()
  }

  *#places(): Iterable<MeshPlace> {
    for (const { place } of this.#known.values()) yield place
    yield* this.#retired
  }
}

function placeKey(target: MeshTarget): string {
  return `${target.service} ${target.address} ${target.port}`
}
