// The connected proxies' membership: what they say goes to the database, and into the index with it. While the
// database is away the index alone knows (callers connected here learn at once), and what is owed is written as soon as
// it is back. Only the newest state of an instance is ever written, however often it changed.
import {
  type Database,
  isConnectionFailure,
  type MembershipChange,
  NameClashError,
  type Registration,
  registerUnchanged,
  setReady,
  upsertInstance,
  withdrawInstance,
} from '@heddle/db'
import { errorText, type Log } from '../log.ts'
import type { MeshIndex } from '../render/meshIndex.ts'
import { Slots } from '../slots.ts'
import { HelloBatch } from './helloBatch.ts'
import { fromRegistration } from './inForce.ts'

/** A write that takes longer no longer keeps callers from hearing of the change. */
const PATIENCE_MS = 250
/** Writers of the mesh stand in one line anyway: more of them would only keep connections from others. */
const MAX_WRITES = 4

interface Member {
  registration: Registration
  readyReason: string | null
  isWithdrawn: boolean
  isConnected: boolean
  /** Number of hellos: tells whether one came while another was being written. */
  hellos: number
  /** What the database has not heard yet. */
  owes: { hello: boolean; ready: boolean; withdrawal: boolean }
  writing: Promise<Written> | null
}

/** What became of a write: `owed` is tried again. */
type Written = 'done' | 'owed' | 'refused'

export interface MembershipOptions {
  db: Database
  index: MeshIndex
  log: Log
  /** What changed in the index. */
  onChange: (names: ReadonlySet<string>) => void
  /** A revision that the index has already. */
  onCommitted: (revision: number) => void
  /** The database refuses the instance for good. */
  onRefused: (instance: string, reason: string) => void
  /** The database could not be reached. */
  onFailed: () => void
}

export class Membership {
  readonly #options: MembershipOptions
  readonly #members = new Map<string, Member>()
  readonly #writes = new Slots(MAX_WRITES)
  readonly #hellos: HelloBatch

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#hellos = new HelloBatch((registrations) => registerUnchanged(options.db, registrations))
  }

  /** Instances whose leases this control plane renews. */
  connected(): string[] {
    return [...this.#members].flatMap(([id, member]) => (member.isConnected && !member.isWithdrawn ? [id] : []))
  }

  /** The newest state of the instance is not in the database yet. */
  isAhead(instance: string): boolean {
    const owes = this.#members.get(instance)?.owes
    return owes !== undefined && (owes.hello || owes.ready || owes.withdrawal)
  }

  hello(registration: Registration): Promise<void> {
    const { instance } = registration
    const member = this.#members.get(instance) ?? {
      registration,
      readyReason: null,
      isWithdrawn: false,
      isConnected: true,
      hellos: 0,
      owes: { hello: true, ready: false, withdrawal: false },
      writing: null,
    }
    this.#members.set(instance, member)
    member.registration = registration
    member.readyReason = null
    member.isWithdrawn = false
    member.isConnected = true
    member.hellos++
    member.owes = { hello: true, ready: false, withdrawal: false }
    return this.#changed(member)
  }

  async ready(instance: string, ready: boolean, reason: string | null): Promise<void> {
    const member = this.#members.get(instance)
    if (member === undefined || member.isWithdrawn) return
    member.registration = { ...member.registration, ready }
    member.readyReason = reason
    member.owes.ready = true
    await this.#changed(member)
  }

  async withdraw(instance: string): Promise<void> {
    const member = this.#members.get(instance)
    if (member === undefined) return
    member.isWithdrawn = true
    member.owes.withdrawal = true
    await this.#changed(member)
  }

  /** Disconnecting is not withdrawal: the lease decides. */
  disconnected(instance: string): void {
    const member = this.#members.get(instance)
    if (member === undefined) return
    member.isConnected = false
    if (!this.isAhead(instance)) this.#members.delete(instance)
  }

  /** The database does not know these (their rows were removed): they register again. */
  forgotten(instances: readonly string[]): void {
    for (const instance of instances) {
      const member = this.#members.get(instance)
      if (member === undefined || member.isWithdrawn) continue
      member.owes.hello = true
      void this.#write(member)
    }
  }

  /** Writes what is owed: the database is back, or a write failed while it was there. */
  settleDebts(): void {
    for (const [instance, member] of this.#members) if (this.isAhead(instance)) void this.#write(member)
  }

  /** The index changes with the database, or after a moment without it. */
  async #changed(member: Member): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<Written>((resolve) => {
      timer = setTimeout(() => resolve('owed'), PATIENCE_MS)
    })
    const written = await Promise.race([this.#write(member), patience])
    clearTimeout(timer)
    // A refused instance is nobody's endpoint, here as little as in the database.
    if (written === 'refused') return
    this.#options.onChange(this.#options.index.setInstance(fromRegistration(member.registration, member.isWithdrawn)))
  }

  #write(member: Member): Promise<Written> {
    member.writing ??= this.#writeAll(member)
      .then((): Written => 'done')
      .catch((error: unknown) => this.#failed(member, error))
      .finally(() => {
        member.writing = null
        const id = member.registration.instance
        if (!member.isConnected && this.#members.get(id) === member && !this.isAhead(id)) this.#members.delete(id)
      })
    return member.writing
  }

  #failed(member: Member, error: unknown): Written {
    const { instance } = member.registration
    if (error instanceof NameClashError) {
      member.owes = { hello: false, ready: false, withdrawal: false }
      // Not one of ours any more: neither its lease nor its readiness is written.
      if (this.#members.get(instance) === member) this.#members.delete(instance)
      this.#options.onRefused(instance, error.message)
      return 'refused'
    }
    const reason = errorText(error)
    this.#options.log('warn', 'the registry could not be written; it is tried again', { instance, reason })
    if (isConnectionFailure(error)) this.#options.onFailed()
    return 'owed'
  }

  async #writeAll(member: Member): Promise<void> {
    const { db } = this.#options
    const { instance } = member.registration
    const owesAnything = () => member.owes.hello || member.owes.ready || member.owes.withdrawal
    while (owesAnything()) {
      const { registration, readyReason, hellos } = member
      if (member.owes.hello) {
        if (!(await this.#hellos.add(registration)))
          this.#committed(await this.#writes.run(() => upsertInstance(db, registration)))
        if (member.hellos === hellos) member.owes.hello = false
      } else if (member.owes.ready) {
        const readiness = { instance, ready: registration.ready, reason: readyReason }
        this.#committed(await this.#writes.run(() => setReady(db, readiness)))
        if (member.registration === registration && member.readyReason === readyReason) member.owes.ready = false
      } else {
        this.#committed(await this.#writes.run(() => withdrawInstance(db, instance)))
        if (member.hellos === hellos) member.owes.withdrawal = false
      }
    }
  }

  #committed({ revision }: MembershipChange): void {
    if (revision !== null) this.#options.onCommitted(revision)
  }
}
