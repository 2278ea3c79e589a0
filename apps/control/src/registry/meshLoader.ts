// Keeps the index at the database's newest revision: reads a snapshot of the mesh, finds what differs from the one
// in memory, and says which documents that touches. While the database is away the index stays as it is.
import { type Database, loadMesh, type MeshSnapshot } from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import { type ResourceRef, refOf } from '@heddle/shared/resources/index'
import { errorText, type Log } from '../log.ts'
import type { Cause } from '../push/change.ts'
import type { Numbered } from '../push/frames.ts'
import { resourceKey } from '../render/affected.ts'
import type { MeshIndex } from '../render/meshIndex.ts'
import { fromRow } from './inForce.ts'
import { Revocations } from './revocations.ts'

/** Notifications of one moment are read together. A proxy hears of a change within 100 ms of its commit. */
export const COALESCE_MS = 20

export interface MeshLoaderOptions {
  db: Database
  index: MeshIndex
  clock: Clock
  log: Log
  /** What changed in the index. */
  onChange: (names: ReadonlySet<string>, causes: readonly Cause[]) => void
  onRevocations: (revocations: Revocations) => void
  /** A connected instance whose newest state is not yet in the database: its row is older than the memory. */
  isAhead: (instance: string) => boolean
}

export class MeshLoader {
  readonly #options: MeshLoaderOptions
  readonly #versions = new Map<string, { version: number; ref: ResourceRef }>()
  readonly #own = new Set<number>()
  #at: Numbered = { epoch: 0, revision: 0 }
  #revocations = new Revocations([])
  #loading: Promise<void> | null = null
  #wanted: { revision: number; seenAt: number } | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(options: MeshLoaderOptions) {
    this.#options = options
  }

  get at(): Numbered {
    return this.#at
  }
  get revocations(): Revocations {
    return this.#revocations
  }

  /** A transaction was committed somewhere. */
  notified(revision: number): void {
    if (revision <= this.#at.revision) return
    this.#wanted = { revision, seenAt: this.#wanted?.seenAt ?? this.#options.clock.monotonic() }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.#wanted !== null && this.#wanted.revision > this.#at.revision) this.#loadAndLog()
    }, COALESCE_MS)
  }

  /** This process committed a membership change that is in the index already: no need to read it back. */
  committed(revision: number): void {
    this.#own.add(revision)
    let next = this.#at.revision
    while (this.#own.delete(next + 1)) next++
    if (next === this.#at.revision) return
    this.#at = { ...this.#at, revision: next }
    this.#options.onChange(new Set(), [])
  }

  /** Reads until the index is at `revision` of `epoch` or the database has no more; for a proxy that knows more. */
  async catchUp({ epoch, revision }: Numbered): Promise<void> {
    const isBehind = () => epoch > this.#at.epoch || (epoch === this.#at.epoch && revision > this.#at.revision)
    if (isBehind()) await this.load()
  }

  /** Reads the database once; a call during a reading waits for one that begins afterwards. */
  async load(): Promise<void> {
    await this.#loading?.catch(() => {})
    this.#loading ??= this.#read().finally(() => {
      this.#loading = null
    })
    await this.#loading
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #loadAndLog(): void {
    this.load().catch((error: unknown) =>
      this.#options.log('warn', 'the configuration could not be read; the last one stays in force', {
        reason: errorText(error),
      }),
    )
  }

  async #read(): Promise<void> {
    const seenAt = this.#wanted?.seenAt ?? this.#options.clock.monotonic()
    this.#wanted = null
    const { epoch, revision } = this.#at
    let snapshot = await loadMesh(this.#options.db)
    // What this process committed while the snapshot was read is in the index and must not be undone by it.
    for (let again = 0; again < 5 && [...this.#own].some((own) => own > snapshot.revision); again++)
      snapshot = await loadMesh(this.#options.db)
    if (snapshot.epoch === epoch && snapshot.revision < revision) {
      this.#options.log('error', 'the database has an older revision than the one in force; nothing is taken back', {
        held: revision,
        found: snapshot.revision,
        advice: 'After a restore run: heddle control new-epoch',
      })
      return
    }
    if (snapshot.epoch === this.#at.epoch && snapshot.revision < this.#at.revision) return this.#read()
    const causes = new Map<number, Set<string>>()
    const names = this.#applyResources(snapshot, causes)
    this.#applyMembership(snapshot, names)
    this.#at = { epoch: snapshot.epoch, revision: snapshot.revision }
    for (const own of this.#own) if (own <= snapshot.revision) this.#own.delete(own)
    const revocations = new Revocations(snapshot.revocations)
    const isRevocationNew = !revocations.isSame(this.#revocations)
    this.#revocations = revocations
    // The first reading is the starting point, not a change on its way to anybody.
    const followed = epoch === 0 ? [] : [...causes].map(([of, touched]) => ({ revision: of, seenAt, names: touched }))
    this.#options.onChange(names, followed)
    if (isRevocationNew) this.#options.onRevocations(revocations)
  }

  #applyResources(snapshot: MeshSnapshot, causes: Map<number, Set<string>>): Set<string> {
    const { index } = this.#options
    const names = new Set<string>()
    const touch = (revision: number, touched: ReadonlySet<string>) => {
      const of = causes.get(revision) ?? new Set()
      causes.set(revision, of)
      for (const name of touched) {
        of.add(name)
        names.add(name)
      }
    }
    const present = new Set<string>()
    for (const { resource, version, createdAt, revision } of snapshot.resources) {
      const ref = refOf(resource)
      const key = resourceKey(ref)
      present.add(key)
      if (this.#versions.get(key)?.version === version && snapshot.epoch === this.#at.epoch) continue
      this.#versions.set(key, { version, ref })
      touch(revision, index.setResource({ resource, createdAt }))
    }
    for (const [key, { ref }] of this.#versions) {
      if (present.has(key)) continue
      this.#versions.delete(key)
      touch(snapshot.revision, index.removeResource(ref))
    }
    return names
  }

  #applyMembership(snapshot: MeshSnapshot, names: Set<string>): void {
    const { index, isAhead } = this.#options
    const add = (touched: ReadonlySet<string>) => {
      for (const name of touched) names.add(name)
    }
    const present = new Set<string>()
    for (const row of snapshot.instances) {
      present.add(row.instance)
      if (!isAhead(row.instance)) add(index.setInstance(fromRow(row)))
    }
    for (const { instance } of [...index.instances()])
      if (!present.has(instance) && !isAhead(instance)) add(index.removeInstance(instance))
    add(
      index.setDerivedNames(
        snapshot.names.flatMap(({ service, version }) => (version === null ? [] : [{ service, version }])),
      ),
    )
  }
}
