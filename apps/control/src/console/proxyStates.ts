// What the console is told of proxies: a picture of each session, and of those that were here and are gone.
import type { ProxyState } from '@heddle/shared/wire/console'
import type { Numbered } from '../push/frames.ts'
import type { PushSession } from '../push/session.ts'

/**
 * A proxy that holds and has acknowledged everything that concerns it is current, whatever the mesh's revision: changes
 * that touch none of its documents are never sent to it.
 */
export function proxyState(session: PushSession, at: Numbered): ProxyState {
  const { instance, service, version, build, connectedSince } = session.facts
  return {
    instance,
    service,
    version,
    connected: session.isOpen,
    connectedSince: session.isOpen ? connectedSince : null,
    ready: session.ready,
    readyReason: session.readyReason,
    revision: session.holding.isCurrent ? at.revision : (session.acked?.revision ?? null),
    wantedRevision: at.revision,
    ackDelayMs: session.ackDelayMs,
    nack: session.nack,
    ejections: session.ejections,
    build,
  }
}

/** The newest picture of each instance, and which ones differ from what was told last. */
export class ProxyStates {
  readonly #changed = new Set<string>()
  readonly #gone = new Set<string>()
  readonly #sessions = new Map<string, PushSession>()
  #toldAt: number | null = null

  changed(session: PushSession): void {
    const { instance } = session.facts
    const newest = this.#sessions.get(instance)
    // An old connection that closes after its successor opened says nothing about the instance.
    if (newest !== undefined && newest !== session && !session.isOpen) return
    this.#sessions.set(instance, session)
    this.#changed.add(instance)
    this.#gone.delete(instance)
  }

  /** The registry has removed the instance. */
  removed(instance: string): void {
    const session = this.#sessions.get(instance)
    if (session === undefined || session.isOpen) return
    this.#sessions.delete(instance)
    this.#changed.delete(instance)
    this.#gone.add(instance)
  }

  instances(): string[] {
    return [...this.#sessions.keys()]
  }

  all(at: Numbered): ProxyState[] {
    return [...this.#sessions.values()].map((session) => proxyState(session, at))
  }

  /** What changed since this was last asked; everybody where the mesh's revision has moved on. */
  take(at: Numbered): { proxies: ProxyState[]; gone: string[] } {
    if (this.#toldAt !== at.revision) for (const instance of this.#sessions.keys()) this.#changed.add(instance)
    this.#toldAt = at.revision
    const proxies = [...this.#changed].flatMap((instance) => {
      const session = this.#sessions.get(instance)
      return session === undefined ? [] : [proxyState(session, at)]
    })
    const gone = [...this.#gone]
    this.#changed.clear()
    this.#gone.clear()
    return { proxies, gone }
  }
}
