// What is done again and again, and what is done when the database comes back: heartbeat, leases, lapses, grace.
import {
  type Database,
  heartbeatControlPlane,
  isConnectionFailure,
  lapseEndpoints,
  listControlPlanes,
  removeControlPlane,
  removeStaleInstances,
  renewLeases,
  startGrace,
} from '@heddle/db'
import { errorText, type Log } from '../log.ts'
import type { MeshIndex } from '../render/meshIndex.ts'
import type { Membership } from './membership.ts'
import type { MeshLoader } from './meshLoader.ts'

const ROUND_MS = 5_000
/** Rows are removed after hours; looking every ten minutes is soon enough. */
const ROUNDS_PER_REMOVAL = 120

export interface UpkeepOptions {
  /** Connections of its own: heartbeat and leases must not wait behind a crowd of hellos. */
  db: Database
  index: MeshIndex
  loader: MeshLoader
  membership: Membership
  controlPlane: { id: string; build: string }
  log: Log
  /** What changed in the index. */
  onChange: (names: ReadonlySet<string>) => void
  /** Rows that the registry has removed. */
  onRemoved: (instances: readonly string[]) => void
  /** Addresses of the control planes that live, own first. */
  onControls: (addresses: readonly string[]) => void
  /** The database answers again, or not any more. */
  onDatabase: (isReachable: boolean) => void
}

export class Upkeep {
  readonly #options: UpkeepOptions
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  #isReachable = true
  #round = 0
  #address = ''
  #isClosed = false

  constructor(options: UpkeepOptions) {
    this.#options = options
  }

  get isReachable(): boolean {
    return this.#isReachable
  }

  /** Nobody's lease may end because no control plane was there to renew it: the grace was granted before. */
  async start(address: string): Promise<void> {
    this.#address = address
    await this.#heartbeat()
    this.#timer = setInterval(() => this.#run(() => this.#doRound()), ROUND_MS)
  }

  /** The database could not be reached. */
  failed(): void {
    if (!this.#isReachable) return
    this.#isReachable = false
    this.#options.log('warn', 'the database does not answer; working on from memory')
    this.#options.onDatabase(false)
  }

  /** The database may be back (a connection to it was made). */
  maybeBack(): void {
    if (this.#address === '') return
    this.#run(() => (this.#isReachable ? this.#options.loader.load({ withMembership: true }) : this.#comeBack()))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    await this.#running?.catch(() => {})
    await removeControlPlane(this.#options.db, this.#options.controlPlane.id).catch(() => {})
  }

  #run(work: () => Promise<void>): void {
    if (this.#running !== null || this.#isClosed) return
    this.#running = work()
      .catch((error: unknown) => {
        this.#options.log('warn', 'the upkeep of the registry failed; it is tried again', { reason: errorText(error) })
        if (isConnectionFailure(error)) this.failed()
      })
      .finally(() => {
        this.#running = null
      })
  }

  async #doRound(): Promise<void> {
    if (!this.#isReachable) return this.#comeBack()
    await this.#heartbeat()
    this.#options.membership.settleDebts()
    await this.#renew()
    await this.#lapse()
    if (this.#round++ % ROUNDS_PER_REMOVAL === 0)
      this.#options.onRemoved((await removeStaleInstances(this.#options.db)).removed)
  }

  /** Grace first: leases ended while nobody could renew them. */
  async #comeBack(): Promise<void> {
    const { db, loader, membership, log } = this.#options
    await startGrace(db)
    await loader.load({ withMembership: true })
    this.#isReachable = true
    log('info', 'the database answers again')
    this.#options.onDatabase(true)
    membership.settleDebts()
    await this.#heartbeat()
    await this.#renew()
  }

  async #heartbeat(): Promise<void> {
    const { db, controlPlane, onControls } = this.#options
    await heartbeatControlPlane(db, { ...controlPlane, address: this.#address })
    const others = (await listControlPlanes(db)).filter(({ id }) => id !== controlPlane.id)
    onControls([this.#address, ...others.map(({ address }) => address)])
  }

  async #renew(): Promise<void> {
    const { db, membership, controlPlane } = this.#options
    const instances = membership.connected().filter((instance) => !membership.isAhead(instance))
    if (instances.length === 0) return
    // Endpoints that come back by it are read with the notification that it sends.
    const { unknown } = await renewLeases(db, { controlId: controlPlane.id, instances })
    membership.forgotten(unknown)
  }

  async #lapse(): Promise<void> {
    const { db, index, loader, membership, onChange } = this.#options
    const { revision, lapsed } = await lapseEndpoints(db)
    const names = new Set<string>()
    for (const id of lapsed) {
      const instance = index.instance(id)
      if (instance === undefined || membership.isAhead(id)) continue
      for (const name of index.setInstance({ ...instance, isServing: false })) names.add(name)
    }
    if (revision !== null) loader.committed(revision)
    if (names.size > 0) onChange(names)
  }
}
