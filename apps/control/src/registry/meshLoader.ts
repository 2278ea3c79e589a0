// Keeps the index at the database's newest revision: reads a snapshot of the mesh, finds what differs from the one
// in memory, and says which documents that touches. While the database is away the index stays as it is.
import { type Database, loadMesh, loadMeshSince, type MeshDifference, type MeshSnapshot } from '@heddle/db'
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
/**
 * A membership revision is mostly this process's own, whose transaction is just being answered; only after this time
 * it must be another control plane's, and the instances are read.
 */
const OWN_SOON_MS = 200
/** Readings for what this process has just committed; a database that never shows it was put back to an older state. */
const MAX_READINGS = 5

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
  /** Committed by this process, later than what was read. */
  readonly #own = new Set<number>()
  /** Membership that was read as a number only, and is not known to be this process's own. */
  readonly #foreign = new Set<number>()
  #foreignTimer: NodeJS.Timeout | undefined
  #at: Numbered = { epoch: 0, revision: 0 }
  #revocations = new Revocations([])
  #loading: Promise<void> | null = null
  #wanted: (Numbered & { seenAt: number }) | null = null
  #wantsMembership = false
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
  notified({ epoch, revision }: Numbered): void {
    if (!this.#isNews({ epoch, revision })) return
    this.#wanted = { epoch, revision, seenAt: this.#wanted?.seenAt ?? this.#options.clock.monotonic() }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.#wanted !== null && this.#isNews(this.#wanted)) this.#loadAndLog()
    }, COALESCE_MS)
  }

  /** In another epoch every revision is: after a restore it is lower than what is in force. */
  #isNews({ epoch, revision }: Numbered): boolean {
    return epoch !== this.#at.epoch || revision > this.#at.revision
  }

  /** This process committed a membership change that is in the index already: no need to read it back. */
  committed(revision: number): void {
    if (this.#foreign.delete(revision) || revision <= this.#at.revision) return
    this.#own.add(revision)
    if (this.#advance()) this.#options.onChange(new Set(), [])
  }

  /** Reads until the index is at `revision` of `epoch` or the database has no more; for a proxy that knows more. */
  async catchUp({ epoch, revision }: Numbered): Promise<void> {
    const isBehind = () => epoch > this.#at.epoch || (epoch === this.#at.epoch && revision > this.#at.revision)
    if (isBehind()) await this.load()
  }

  /** Reads the database once; a call during a reading waits for one that begins afterwards. */
  async load({ withMembership = false } = {}): Promise<void> {
    await this.#loading?.catch(() => {})
    if (withMembership) this.#wantsMembership = true
    this.#loading ??= this.#read().finally(() => {
      this.#loading = null
    })
    await this.#loading
  }

  close(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#foreignTimer)
  }

  #loadAndLog(options: { withMembership?: boolean } = {}): void {
    this.load(options).catch((error: unknown) =>
      this.#options.log('warn', 'the configuration could not be read; the last one stays in force', {
        reason: errorText(error),
      }),
    )
  }

  async #read(): Promise<void> {
    const seenAt = this.#wanted?.seenAt ?? this.#options.clock.monotonic()
    this.#wanted = null
    const withMembership = this.#wantsMembership
    this.#wantsMembership = false
    const { epoch, revision } = this.#at
    const found = await this.#find(withMembership).catch((error: unknown) => {
      this.#wantsMembership ||= withMembership
      throw error
    })
    if (found.epoch < epoch || (found.epoch === epoch && found.revision < revision)) {
      this.#options.log('error', 'the database has an older revision than the one in force; nothing is taken back', {
        held: revision,
        found: found.revision,
        ...(found.epoch === epoch ? {} : { heldEpoch: epoch, foundEpoch: found.epoch }),
        advice: 'After a restore run: heddle control new-epoch',
      })
      return
    }
    const causes = new Map<number, Set<string>>()
    const names = this.#applyResources(found, causes)
    this.#applyMembership(found, names)
    this.#at = { epoch: found.epoch, revision: Math.max(found.revision, epoch === found.epoch ? this.#at.revision : 0) }
    if (found.epoch !== epoch) this.#own.clear()
    this.#noteForeign(found)
    for (const own of this.#own) if (own <= found.revision) this.#own.delete(own)
    this.#advance()
    // The first reading is the starting point, not a change on its way to anybody.
    const followed = epoch === 0 ? [] : [...causes].map(([of, touched]) => ({ revision: of, seenAt, names: touched }))
    this.#options.onChange(names, followed)
    this.#applyRevocations(found)
  }

  /** The difference to what is in memory where that can be told, else everything. */
  async #find(withMembership: boolean): Promise<MeshDifference> {
    const { db } = this.#options
    for (let readings = 1; ; readings++) {
      const known = this.#at.epoch === 0 ? null : await loadMeshSince(db, this.#at, { withMembership })
      const found = known ?? withDeleted(await loadMesh(db), this.#versions)
      // What this process committed while all instances were read is in the index and must not be undone by them.
      // It counts whether it waits in `#own` or has already moved `#at` on, meanwhile.
      const newest = Math.max(this.#at.revision, ...this.#own)
      const isWhole = found.instances === null || newest <= found.revision
      // Revisions of another epoch cannot be compared with it.
      if (isWhole || found.epoch !== this.#at.epoch || readings === MAX_READINGS) return found
    }
  }

  #noteForeign({ membership, instances }: MeshDifference): void {
    if (instances !== null) this.#foreign.clear()
    for (const revision of membership) if (!this.#own.has(revision)) this.#foreign.add(revision)
    if (this.#foreign.size === 0) return
    this.#foreignTimer ??= setTimeout(() => {
      this.#foreignTimer = undefined
      if (this.#foreign.size > 0) this.#loadAndLog({ withMembership: true })
    }, OWN_SOON_MS)
  }

  #advance(): boolean {
    let next = this.#at.revision
    while (this.#own.delete(next + 1)) next++
    if (next === this.#at.revision) return false
    this.#at = { ...this.#at, revision: next }
    return true
  }

  #applyResources(found: MeshDifference, causes: Map<number, Set<string>>): Set<string> {
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
    for (const { resource, version, createdAt, revision } of found.resources) {
      const ref = refOf(resource)
      const key = resourceKey(ref)
      if (this.#versions.get(key)?.version === version && found.epoch === this.#at.epoch) continue
      this.#versions.set(key, { version, ref })
      touch(revision, index.setResource({ resource, createdAt }))
    }
    for (const ref of found.deleted) {
      if (!this.#versions.delete(resourceKey(ref))) continue
      touch(found.revision, index.removeResource(ref))
    }
    return names
  }

  #applyMembership({ instances, names: meshNames }: MeshDifference, names: Set<string>): void {
    const { index, isAhead } = this.#options
    const add = (touched: ReadonlySet<string>) => {
      for (const name of touched) names.add(name)
    }
    if (instances !== null) {
      const present = new Set(instances.map(({ instance }) => instance))
      for (const row of instances) if (!isAhead(row.instance)) add(index.setInstance(fromRow(row)))
      for (const { instance } of [...index.instances()])
        if (!present.has(instance) && !isAhead(instance)) add(index.removeInstance(instance))
    }
    if (meshNames !== null)
      add(
        index.setDerivedNames(
          meshNames.flatMap(({ service, version }) => (version === null ? [] : [{ service, version }])),
        ),
      )
  }

  #applyRevocations({ revocations: rows }: MeshDifference): void {
    if (rows === null) return
    const revocations = new Revocations(rows)
    if (revocations.isSame(this.#revocations)) return
    this.#revocations = revocations
    this.#options.onRevocations(revocations)
  }
}

/** Everything, as a difference: what is known and not there any more was deleted. */
function withDeleted(snapshot: MeshSnapshot, known: ReadonlyMap<string, { ref: ResourceRef }>): MeshDifference {
  const present = new Set(snapshot.resources.map(({ resource }) => resourceKey(refOf(resource))))
  return {
    ...snapshot,
    membership: [],
    deleted: [...known].flatMap(([key, { ref }]) => (present.has(key) ? [] : [ref])),
  }
}
