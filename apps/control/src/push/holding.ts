// What one proxy holds, and what it must be sent next. A state machine without sockets or timers: messages are taken
// out with `next`, answers are put in with `acknowledged` and `refused`.
//
// One message is on its way at a time; what changes meanwhile is sent after the answer, in its latest form. A refused
// message of several documents is sent again one document at a time, so that one bad document does not keep the others
// (a new destination's, say) from the proxy; a document that is refused alone waits for its next change. So is a
// snapshot: as deltas to what the proxy has, or, where it has nothing of this epoch, until one document alone is taken
// as a snapshot, to which the others are deltas.
import type { Rendering } from './renderings.ts'

export interface Outgoing {
  isSnapshot: boolean
  documents: readonly Rendering[]
  removed: readonly string[]
}

/** Deltas where it has something of this epoch; nothing where what it has is newer. */
export type AfterSnapshot = 'deltas' | 'snapshots' | 'nothing'

export class Holding {
  /** What the proxy has acknowledged; undefined: wanted, but not acknowledged yet. */
  readonly #acknowledged = new Map<string, Rendering | undefined>()
  readonly #dirty = new Set<string>()
  readonly #removed = new Set<string>()
  readonly #refused = new Map<string, Rendering>()
  #oneByOne: string[] = []
  #inFlight: Outgoing | null = null
  #needsSnapshot = true
  #isSnapshotRefused = false
  /** Removals are sent again only along with something else, or a proxy that refuses them would be asked for ever. */
  #areRemovalsRefused = false

  has(name: string): boolean {
    return this.#acknowledged.has(name)
  }
  names(): IterableIterator<string> {
    return this.#acknowledged.keys()
  }
  get isInFlight(): boolean {
    return this.#inFlight !== null
  }
  /** Nothing is on its way, waiting, or refused. */
  get isCurrent(): boolean {
    return (
      this.#inFlight === null &&
      !this.#needsSnapshot &&
      this.#dirty.size === 0 &&
      this.#removed.size === 0 &&
      this.#oneByOne.length === 0 &&
      this.#refused.size === 0
    )
  }
  /** Nothing is on its way or waiting; something may stand refused. */
  get isSettled(): boolean {
    return this.#inFlight === null && this.#dirty.size === 0 && this.#oneByOne.length === 0
  }

  /** Wants a document from now on; a held one is sent again, since the proxy asked. */
  want(name: string): void {
    this.#removed.delete(name)
    this.#refused.delete(name)
    this.#acknowledged.set(name, undefined)
    this.#dirty.add(name)
  }

  drop(name: string): void {
    if (!this.#acknowledged.delete(name)) return
    this.#dirty.delete(name)
    this.#refused.delete(name)
    this.#removed.add(name)
  }

  /** `latest` is in force now; answers whether the proxy needs it. */
  changed(latest: Rendering): boolean {
    const { name } = latest
    if (!this.#acknowledged.has(name)) return false
    const onItsWay = this.#inFlight?.documents.find((document) => document.name === name)
    if (isSame(onItsWay ?? this.#acknowledged.get(name), latest) || isSame(this.#refused.get(name), latest))
      return false
    this.#dirty.add(name)
    return true
  }

  /** Everything anew: after a hello, or when the epoch changed. */
  restart(): void {
    this.#needsSnapshot = true
    this.#isSnapshotRefused = false
    this.#inFlight = null
    this.#oneByOne = []
    this.#refused.clear()
    for (const name of this.#acknowledged.keys()) this.#acknowledged.set(name, undefined)
  }

  /** The next message, with every document in its latest form; null while there is nothing to send or no answer yet. */
  next(latest: (name: string) => Rendering): Outgoing | null {
    if (this.#inFlight !== null) return null
    if (this.#needsSnapshot && !this.#isSnapshotRefused) {
      this.#dirty.clear()
      this.#removed.clear()
      return this.#send({ isSnapshot: true, documents: [...this.#acknowledged.keys()].map(latest), removed: [] })
    }
    if (this.#needsSnapshot) {
      this.#oneByOne.push(...this.#dirty)
      this.#dirty.clear()
    }
    for (let name = this.#oneByOne.shift(); name !== undefined; name = this.#oneByOne.shift()) {
      const document = this.#acknowledged.has(name) ? latest(name) : undefined
      if (document !== undefined && this.#isNeeded(document))
        return this.#send({ isSnapshot: this.#needsSnapshot, documents: [document], removed: [] })
    }
    if (this.#needsSnapshot) return null
    const documents = [...this.#dirty].map(latest).filter((document) => this.#isNeeded(document))
    this.#dirty.clear()
    if (documents.length === 0 && (this.#removed.size === 0 || this.#areRemovalsRefused)) return null
    const removed = [...this.#removed]
    this.#removed.clear()
    return this.#send({ isSnapshot: false, documents, removed })
  }

  acknowledged(): Outgoing | null {
    const sent = this.#inFlight
    this.#inFlight = null
    if (sent === null) return null
    if (sent.isSnapshot) this.#needsSnapshot = false
    this.#areRemovalsRefused = false
    for (const document of sent.documents) {
      if (this.#acknowledged.has(document.name)) this.#acknowledged.set(document.name, document)
      this.#refused.delete(document.name)
    }
    return sent
  }

  /** `next`: what the proxy can take after a snapshot that it refused. */
  refused(next: AfterSnapshot): Outgoing | null {
    const sent = this.#inFlight
    this.#inFlight = null
    if (sent === null) return null
    if (sent.isSnapshot && !this.#isSnapshotRefused) {
      this.#isSnapshotRefused = true
      this.#needsSnapshot = next !== 'deltas'
      this.#oneByOne = next === 'nothing' ? [] : sent.documents.map(({ name }) => name)
    } else if (sent.documents.length > 1 || sent.removed.length > 0) {
      this.#oneByOne = sent.documents.map(({ name }) => name)
      for (const name of sent.removed) this.#removed.add(name)
      this.#areRemovalsRefused = sent.removed.length > 0
    } else for (const document of sent.documents) this.#refused.set(document.name, document)
    return sent
  }

  #isNeeded(document: Rendering): boolean {
    return (
      !isSame(this.#acknowledged.get(document.name), document) && !isSame(this.#refused.get(document.name), document)
    )
  }

  #send(outgoing: Outgoing): Outgoing {
    this.#inFlight = outgoing
    return outgoing
  }
}

/** Two changes may cancel each other out: then the text is the same again. */
function isSame(held: Rendering | undefined, latest: Rendering): boolean {
  return held === latest || held?.text === latest.text
}
