// The connected proxies' membership: what they say goes to the database, and into the index with it. While the
// database is away the index alone knows (callers connected here learn at once), and what is owed is written as soon as
// it is back. Only the newest state of an instance is ever written, however often it changed.
import {
  type Database,
  type MembershipChange,
  NameClashError,
  type Registration,
  setReady,
  upsertInstance,
  withdrawInstance,
} from '@heddle/db'
import { errorText, type Log } from '../log.ts'
import type { MeshIndex } from '../render/meshIndex.ts'
import { fromRegistration } from './inForce.ts'

/** A write that takes longer no longer keeps callers from hearing of the change. */
const PATIENCE_MS = 250

interface Member {
  registration: Registration
  readyReason: string | null
  isWithdrawn: boolean
  isConnected: boolean
  /** Number of hellos: tells whether one came while another was being written. */
  hellos: number
  /** What the database has not heard yet. */
  owes: { hello: boolean; ready: boolean; withdrawal: boolean }
  writing: Promise<void> | null
}

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
  /** A write failed: the database may be away. */
  onFailed: (error: unknown) => void
}

export class Membership {
  readonly #options: MembershipOptions
  readonly #members = new Map<string, Member>()

  constructor(options: MembershipOptions) {
    this.#options = options
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
      this.#write(member)
    }
  }

  /** The database is back: writes what is owed. */
  settleDebts(): void {
    for (const [instance, member] of this.#members) if (this.isAhead(instance)) this.#write(member)
  }

  /** The index changes with the database, or after a moment without it. */
  async #changed(member: Member): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS)
    })
    await Promise.race([this.#write(member), patience])
    clearTimeout(timer)
    this.#options.onChange(this.#options.index.setInstance(fromRegistration(member.registration, member.isWithdrawn)))
  }

  #write(member: Member): Promise<void> {
    member.writing ??= this.#writeAll(member)
      .catch((error: unknown) => {
        if (error instanceof NameClashError) {
          member.owes = { hello: false, ready: false, withdrawal: false }
          this.#options.onRefused(member.registration.instance, error.message)
          return
        }
        this.#options.log('warn', 'the registry could not be written; it is tried again', {
          instance: member.registration.instance,
          reason: errorText(error),
        })
        this.#options.onFailed(error)
      })
      .finally(() => {
        member.writing = null
        const id = member.registration.instance
        if (!member.isConnected && this.#members.get(id) === member && !this.isAhead(id)) this.#members.delete(id)
      })
    return member.writing
  }

  async #writeAll(member: Member): Promise<void> {
    const { db } = this.#options
    const { instance } = member.registration
    const owesAnything = () => member.owes.hello || member.owes.ready || member.owes.withdrawal
    while (owesAnything()) {
      const { registration, readyReason, hellos } = member
      if (member.owes.hello) {
        this.#committed(await upsertInstance(db, registration))
        if (member.hellos === hellos) member.owes.hello = false
      } else if (member.owes.ready) {
        this.#committed(await setReady(db, { instance, ready: registration.ready, reason: readyReason }))
        if (member.registration === registration && member.readyReason === readyReason) member.owes.ready = false
      } else {
        this.#committed(await withdrawInstance(db, instance))
        if (member.hellos === hellos) member.owes.withdrawal = false
      }
    }
  }

  #committed({ revision }: MembershipChange): void {
    if (revision !== null) this.#options.onCommitted(revision)
  }
}
