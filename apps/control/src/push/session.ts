// One connected proxy as the push side sees it. Sockets are behind `send` and `close`; who decides is the hub.
import type { Numbered } from './frames.ts'
import { Holding } from './holding.ts'
import type { RevisionSpread } from './spread.ts'

export interface SessionFacts {
  instance: string
  service: string
  version: string
  hostId: string
  build: string
  /** Milliseconds since the epoch. */
  connectedSince: number
}

export interface Nack {
  revision: number
  reason: string
}

export class PushSession {
  readonly facts: SessionFacts
  readonly send: (frame: Buffer) => void
  /** Ends the connection: WebSocket close code and reason. */
  readonly close: (code: number, reason: string) => void
  readonly holding = new Holding()
  /** Destination → services whose endpoints it needs. */
  readonly needs = new Map<string, readonly string[]>()
  /** Service → number of destinations held that need its endpoints. */
  readonly endpointUses = new Map<string, number>()
  /** Names that the mesh does not have, oldest first. */
  readonly denied = new Set<string>()
  /** Number and time (monotonic) of the message on its way. */
  sent: (Numbered & { at: number; spreads: RevisionSpread<PushSession>[] }) | null = null
  /** Spreads that the next message brings. */
  pendingSpreads: RevisionSpread<PushSession>[] = []
  /** Last acknowledged; null before the first. */
  acked: Numbered | null = null
  /** What the proxy held when it said hello. */
  readonly heldBefore: Numbered | null
  ackDelayMs: number | null = null
  nack: Nack | null = null
  ready: boolean
  readyReason: string | null = null
  ejections: { instance: string; untilMs: number }[] = []
  isOpen = true
  #settledWaiters: (() => void)[] = []

  constructor(
    facts: SessionFacts,
    ready: boolean,
    send: (frame: Buffer) => void,
    close: (code: number, reason: string) => void,
    heldBefore: Numbered | null = null,
  ) {
    this.facts = facts
    this.ready = ready
    this.send = send
    this.close = close
    this.heldBefore = heldBefore
  }

  /** What the proxy's state is numbered by: deltas are made from it. */
  get position(): Numbered | null {
    return this.acked ?? this.heldBefore
  }

  /** Resolves when the proxy has answered everything sent so far and nothing waits, or is gone. */
  settled(): Promise<void> {
    if (!this.isOpen || this.holding.isSettled) return Promise.resolve()
    return new Promise((resolve) => this.#settledWaiters.push(resolve))
  }

  wakeIfSettled(): void {
    if (this.isOpen && !this.holding.isSettled) return
    for (const resolve of this.#settledWaiters.splice(0)) resolve()
  }
}
