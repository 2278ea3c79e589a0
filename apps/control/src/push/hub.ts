// Brings changes to the proxies that hold a changed document: from names to renderings, from renderings to holders.
// Nothing here walks all proxies or all services; work follows the change. Loading and membership are the registry's.
import type { Clock } from '@heddle/shared/clock'
import { endpointsLast, endpointsName, inboundName, MESH_DOCUMENT, parseDocumentName } from '../render/affected.ts'
import type { MeshModel } from '../render/model.ts'
import type { Cause, PushObserver } from './change.ts'
import { deltaFrame, FrameCache, isOlder, type Numbered, snapshotFrame } from './frames.ts'
import { Renderings } from './renderings.ts'
import type { PushSession } from './session.ts'
import { Spreads } from './spread.ts'

/** Names without a service that are kept for one proxy; it keeps as many itself. */
export const MAX_DENIED_NAMES = 1_000

export class PushHub {
  readonly spreads = new Spreads<PushSession>()
  #at: Numbered = { epoch: 0, revision: 0 }
  readonly #renderings: Renderings
  readonly #holders = new Map<string, Set<PushSession>>()
  readonly #sessions = new Map<string, PushSession>()
  /** Those that refused a snapshot because they hold something newer: this control plane is behind. */
  readonly #ahead = new Set<PushSession>()
  readonly #frames = new FrameCache()
  readonly #clock: Clock
  readonly #observer: PushObserver

  constructor(model: MeshModel, clock: Clock, observer: PushObserver) {
    this.#renderings = new Renderings(model)
    this.#clock = clock
    this.#observer = observer
  }

  get at(): Numbered {
    return this.#at
  }
  sessions(): IterableIterator<PushSession> {
    return this.#sessions.values()
  }
  session(instance: string): PushSession | undefined {
    return this.#sessions.get(instance)
  }
  get size(): number {
    return this.#sessions.size
  }

  /** Proxies that hold a document. */
  holdersOf(name: string): PushSession[] {
    return [...(this.#holders.get(name) ?? [])]
  }

  /** A proxy said hello: everything it wants, as a snapshot. Answers the session that this one replaces. */
  open(session: PushSession, wants: readonly string[]): PushSession | undefined {
    const { instance, service } = session.facts
    const replaced = this.#sessions.get(instance)
    if (replaced !== undefined) this.close(replaced)
    this.#sessions.set(instance, session)
    for (const name of [MESH_DOCUMENT, inboundName(service)]) this.#hold(session, name)
    this.#addDestinations(session, wants)
    session.holding.restart()
    this.#pumpAlone(session)
    this.#observer.stateChanged(session)
    return replaced
  }

  close(session: PushSession): void {
    if (!session.isOpen) return
    session.isOpen = false
    if (this.#sessions.get(session.facts.instance) === session) this.#sessions.delete(session.facts.instance)
    this.#ahead.delete(session)
    for (const name of session.holding.names()) this.#release(session, name)
    this.spreads.leave(session, [...session.pendingSpreads, ...(session.sent?.spreads ?? [])])
    session.wakeIfSettled()
    this.#observer.stateChanged(session)
  }

  /** First uses of destinations. Answered by a delta, also where they are held already: the proxy asked. */
  subscribe(session: PushSession, names: readonly string[]): void {
    this.#addDestinations(session, names)
    this.#pumpAlone(session)
  }

  acknowledged(session: PushSession, at: Numbered): void {
    const { sent } = session
    if (sent === null || sent.epoch !== at.epoch || sent.revision !== at.revision) return
    session.sent = null
    session.acked = at
    session.holding.acknowledged()
    const now = this.#clock.monotonic()
    session.ackDelayMs = now - sent.at
    for (const spread of sent.spreads) this.spreads.acknowledge(spread, session, now)
    if (session.holding.isSettled && session.holding.isCurrent) session.nack = null
    this.#observer.acknowledged(session, session.ackDelayMs)
    this.#continue(session)
  }

  refused(session: PushSession, at: Numbered, reason: string): void {
    const { sent } = session
    if (sent === null || sent.epoch !== at.epoch || sent.revision !== at.revision) return
    session.sent = null
    session.nack = { revision: at.revision, reason }
    const { position } = session
    if (position !== null && isOlder(at, position)) {
      this.#ahead.add(session)
      session.holding.refused('nothing')
    } else session.holding.refused(position?.epoch === at.epoch ? 'deltas' : 'snapshots')
    session.pendingSpreads.unshift(...sent.spreads)
    this.#observer.refused(session, reason)
    this.#continue(session)
  }

  setReady(session: PushSession, ready: boolean, reason: string | null): void {
    session.ready = ready
    session.readyReason = reason
    this.#observer.stateChanged(session)
  }

  setEjections(session: PushSession, ejections: PushSession['ejections']): void {
    session.ejections = ejections
    this.#observer.stateChanged(session)
  }

  /**
   * The model has changed: renders what is held of `names` and sends every holder what differs, all of it in one
   * message. Answers the proxies that got something to acknowledge.
   */
  push(at: Numbered, names: Iterable<string>, causes: readonly Cause[] = []): Set<PushSession> {
    const isNewEpoch = at.epoch !== this.#at.epoch
    this.#at = at
    const touched = new Map<string, PushSession[]>()
    for (const name of endpointsLast(names)) {
      this.#renderings.invalidate(name)
      const holders = this.#holders.get(name)
      if (holders === undefined) this.#renderings.forget(name)
      else touched.set(name, this.#rerender(name, holders))
    }
    const sessions = new Set([...touched.values()].flat())
    for (const cause of causes) this.#follow(cause, touched)
    if (isNewEpoch)
      for (const session of this.#sessions.values()) {
        session.holding.restart()
        session.sent = null
        sessions.add(session)
      }
    for (const session of this.#ahead) {
      if (session.position !== null && isOlder(at, session.position)) continue
      this.#ahead.delete(session)
      session.holding.restart()
      session.sent = null
      sessions.add(session)
    }
    for (const session of sessions) this.#pump(session)
    this.#frames.clear()
    return sessions
  }

  #rerender(name: string, holders: ReadonlySet<PushSession>): PushSession[] {
    const touched: PushSession[] = []
    for (const session of [...holders]) {
      const latest = this.#renderings.current(name, session.facts.hostId)
      if (session.holding.changed(latest)) touched.push(session)
      if (session.needs.has(name)) this.#setNeeds(session, name, latest.needs)
    }
    return touched
  }

  #follow(cause: Cause, touched: ReadonlyMap<string, readonly PushSession[]>): void {
    const holders = new Set<PushSession>()
    for (const name of cause.names) for (const session of touched.get(name) ?? []) holders.add(session)
    const spread = this.spreads.begin(cause.revision, cause.seenAt, holders)
    for (const session of holders) session.pendingSpreads.push(spread)
  }

  #addDestinations(session: PushSession, names: readonly string[]): void {
    for (const name of names) {
      // The rest comes by itself; what other services answer by (`inbound/…`) is nobody else's to read.
      if (parseDocumentName(name)?.kind !== 'destination') continue
      this.#hold(session, name)
      const { needs, isDenied } = this.#renderings.current(name, session.facts.hostId)
      this.#setNeeds(session, name, needs)
      session.denied.delete(name)
      if (isDenied) session.denied.add(name)
    }
    for (const name of session.denied) {
      if (session.denied.size <= MAX_DENIED_NAMES) break
      session.denied.delete(name)
      this.#setNeeds(session, name, [])
      session.needs.delete(name)
      session.holding.drop(name)
      this.#release(session, name)
    }
  }

  /** Keeps the endpoints that a destination needs held as long as some destination needs them. */
  #setNeeds(session: PushSession, name: string, needs: readonly string[]): void {
    const before = session.needs.get(name) ?? []
    if (before === needs) return
    session.needs.set(name, needs)
    for (const service of needs) {
      const uses = session.endpointUses.get(service) ?? 0
      session.endpointUses.set(service, uses + 1)
      if (uses === 0) this.#hold(session, endpointsName(service))
    }
    for (const service of before) {
      const uses = (session.endpointUses.get(service) ?? 1) - 1
      if (uses > 0) session.endpointUses.set(service, uses)
      else {
        session.endpointUses.delete(service)
        session.holding.drop(endpointsName(service))
        this.#release(session, endpointsName(service))
      }
    }
  }

  #hold(session: PushSession, name: string): void {
    session.holding.want(name)
    const holders = this.#holders.get(name)
    if (holders === undefined) this.#holders.set(name, new Set([session]))
    else holders.add(session)
  }

  #release(session: PushSession, name: string): void {
    const holders = this.#holders.get(name)
    holders?.delete(session)
    if (holders?.size !== 0) return
    this.#holders.delete(name)
    this.#renderings.forget(name)
  }

  #continue(session: PushSession): void {
    this.#pumpAlone(session)
    session.wakeIfSettled()
    this.#observer.stateChanged(session)
  }

  /** Frames are shared within one push only: kept any longer they would be as many as there are proxies. */
  #pumpAlone(session: PushSession): void {
    this.#pump(session)
    this.#frames.clear()
  }

  #pump(session: PushSession): void {
    if (!session.isOpen) return
    const next = session.holding.next((name) => this.#renderings.current(name, session.facts.hostId))
    if (next === null) return
    const base = session.position?.revision ?? 0
    const ids = next.documents.map(({ id }) => id).join(',')
    const key = `${next.isSnapshot}|${base}|${this.#at.revision}|${ids}|${next.removed.join()}`
    const frame = this.#frames.get(key, () =>
      next.isSnapshot
        ? snapshotFrame(this.#at, next.documents)
        : deltaFrame(this.#at, base, next.documents, next.removed),
    )
    session.sent = { ...this.#at, at: this.#clock.monotonic(), spreads: session.pendingSpreads }
    session.pendingSpreads = []
    session.send(frame)
  }
}
