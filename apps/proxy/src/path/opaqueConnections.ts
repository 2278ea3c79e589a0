// The opaque TCP connections that are open, of either side: what they carry is passed on and counted, and they end with
// their two ends, with a revocation, or with this proxy. Nothing ends one because nothing moves in it, and none ends with a
// certificate: who is at the other end was proven when it was made, and an application could not begin another in time.
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { OpaqueSide } from '../forward/opaqueMesh.ts'
import { splice } from '../forward/splice.ts'
import type { IdentitySource, PeerIdentity, Telemetry } from '../interfaces.ts'
import { OpaqueCall, type OpaqueCallFacts } from './opaqueCall.ts'

type Side = OpaqueCallFacts['side']

/** Of each side, those that are not taken yet included. As many as a port takes. */
const MAX_OPEN = 10_000
/** How much of the inbound side one calling service can take, so that the others still get in. */
const SHARE_OF_ONE_CALLER = 0.5
/** Peers under a root that was taken back have this long, as with requests. */
const REMOVED_ROOT_MS = 5_000

export interface Ends {
  caller: OpaqueSide
  called: OpaqueSide
  peer: PeerIdentity
}

interface Live {
  side: Side
  call: OpaqueCall
  peer: PeerIdentity
  /** null: because this proxy ends, which is no error of anybody's. */
  end(code: MeshErrorCode | null): void
}

export interface OpaqueParts {
  identity: IdentitySource
  telemetry: Telemetry
  clock: Clock
  /** Of each side; a test's own. */
  maxOpen?: number | undefined
}

export class OpaqueConnections {
  readonly #parts: OpaqueParts
  readonly #live = new Set<Live>()
  /** By side and calling service. */
  readonly #begun = new Map<string, number>()
  readonly #subscriptions: Disposable[]
  #roots: readonly string[]
  /** As of the last revocation: a connection may have been under way meanwhile. */
  #isRevoked: (peer: PeerIdentity) => boolean = () => false
  #isDraining = false
  #isClosed = false
  #onEnded: (() => void) | undefined

  constructor(parts: OpaqueParts) {
    this.#parts = parts
    const { identity } = parts
    this.#roots = identity.current().roots
    this.#subscriptions = [
      identity.onRevoked((isRevoked) => {
        this.#isRevoked = isRevoked
        this.#endWhere(({ peer }) => isRevoked(peer), 'tls_failed')
      }),
      identity.onChange(({ roots }) => {
        const isRemoved = this.#roots.some((root) => !roots.includes(root))
        this.#roots = roots
        if (isRemoved) this.#endAllAfter(REMOVED_ROOT_MS)
      }),
    ]
  }

  /** Our application is about to end: what comes now is better sent elsewhere. */
  get isDraining(): boolean {
    return this.#isDraining
  }

  /** A connection begins; where there are as many as may be, it must be refused. `leave` must follow. */
  enter(facts: OpaqueCallFacts): { call: OpaqueCall; isFull: boolean; leave: () => void } {
    const { maxOpen = MAX_OPEN } = this.#parts
    const { side, source } = facts
    const mine = side === 'outbound' ? maxOpen : Math.ceil(maxOpen * SHARE_OF_ONE_CALLER)
    const isFull = this.#isClosed || this.#of(side) >= maxOpen || this.#of(side, source) >= mine
    this.#count(side, source, 1)
    return { call: new OpaqueCall(facts, this.#parts), isFull, leave: () => this.#count(side, source, -1) }
  }

  /** Passes on what both ends say until it is over, and records how it ended. */
  async carry(side: Side, call: OpaqueCall, { caller, called, peer }: Ends): Promise<void> {
    call.accepted()
    const spliced = splice(
      caller.stream,
      called.stream,
      (bytesIn, bytesOut) => call.moved(bytesIn, bytesOut),
      (stream) => (stream === caller.stream ? caller : called).reset(),
    )
    let ended: MeshErrorCode | null = null
    const live: Live = {
      side,
      call,
      peer,
      end: (code) => {
        ended = code
        spliced.destroy()
      },
    }
    this.#live.add(live)
    if (this.#isClosed) live.end(null)
    else if (this.#isRevoked(peer)) live.end('tls_failed')
    const end = await spliced.done
    // A caller may leave as it likes once it was served.
    const code = end === 'right_broke' ? 'protocol_error' : end === 'destroyed' ? ended : null
    if (code === null) call.ended()
    else call.broke(code)
    this.#live.delete(live)
    this.#onEnded?.()
  }

  /** To be called about once a second. */
  sweep(): void {
    for (const { call } of this.#live) call.tell()
  }

  /** Resolves when no connection to our application is left, at the latest after `deadlineMs`; those that are left stay. */
  drain(deadlineMs: number): Promise<void> {
    this.#isDraining = true
    const isOver = (): boolean => [...this.#live].every(({ side }) => side === 'outbound')
    if (isOver()) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#onEnded = undefined
        resolve()
      }
      const timer = setTimeout(done, deadlineMs)
      this.#onEnded = () => {
        if (isOver()) done()
      }
    })
  }

  close(): void {
    this.#isClosed = true
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]()
    this.#endWhere(() => true, null)
  }

  #endWhere(matches: (live: Live) => boolean, code: MeshErrorCode | null): void {
    for (const live of this.#live) if (matches(live)) live.end(code)
  }

  #endAllAfter(ms: number): void {
    const old = new Set(this.#live)
    setTimeout(() => this.#endWhere((live) => old.has(live), 'tls_failed'), ms).unref()
  }

  #of(side: Side, source?: string): number {
    if (source !== undefined) return this.#begun.get(`${side} ${source}`) ?? 0
    let sum = 0
    for (const [key, n] of this.#begun) if (key.startsWith(`${side} `)) sum += n
    return sum
  }

  #count(side: Side, source: string, change: 1 | -1): void {
    const key = `${side} ${source}`
    const left = this.#of(side, source) + change
    if (left === 0) this.#begun.delete(key)
    else this.#begun.set(key, left)
  }
}
