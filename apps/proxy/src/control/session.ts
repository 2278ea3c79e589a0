// The conversation with the control plane: who we are, what we want, what came and whether it is good. It survives
// the links it runs over: with each new one it begins with a hello and goes on where it was.
import type { Clock } from '@heddle/shared/clock'
import type { DownMessage, Hello, UpMessage } from '@heddle/shared/wire/messages'
import { CLOSE_PROTOCOL, downMessageSchema, PROTOCOL_VERSION } from '@heddle/shared/wire/messages'
import type { MeshIdentity } from '../identity/meshIdentity.ts'
import type { Log } from '../interfaces.ts'
import type { Reports } from '../telemetry/reports.ts'
import type { ControlClient } from './client.ts'
import type { ConfigStore } from './configStore.ts'
import type { Ejection } from './ejectionReport.ts'
import { envelopeOf } from './envelope.ts'
import { Renewing } from './renewing.ts'

/** With more than this waiting for the network, metrics wait too: config and readiness come first. */
const METRICS_BACKLOG_BYTES = 1024 * 1024
const NAMES_PER_MESSAGE = 1_000
const LONGEST_REASON = 4_096

export interface Registration {
  bootId: string
  hostId: string
  build: string
  outbound: number
  admin: number
  /** null: a client only. `advertised` null: the local address of the connection. */
  inbound: { advertised: string | null; port: number; public: number | null } | null
}

export interface SessionOptions {
  client: ControlClient
  store: ConfigStore
  identity: MeshIdentity
  reports: Reports
  registration: () => Registration
  clock: Clock
  random: () => number
  log: Log
  /** Config was put into force, or something else that a restart should know has changed. */
  onStateChanged: () => void
  onControls: (urls: string[]) => void
}

export interface SessionCounters {
  applied: number
  refused: number
}

export class ControlSession {
  readonly #options: SessionOptions
  readonly #renewing: Renewing
  readonly counters: SessionCounters = { applied: 0, refused: 0 }
  #localAddress = ''
  #isReady = false
  #readyReason: string | undefined
  #withdrawal: { promise: Promise<void>; resolve: () => void } | undefined
  #isWithdrawn = false
  #firstSnapshot = Promise.withResolvers<void>()

  constructor(options: SessionOptions) {
    this.#options = options
    this.#renewing = new Renewing(options, (csr) => this.#send({ type: 'renew', csr }))
  }

  /** Resolves with the first snapshot of this process' life that was put into force. */
  get firstSnapshot(): Promise<void> {
    return this.#firstSnapshot.promise
  }

  /** A new link is open. */
  opened(localAddress: string): void {
    this.#localAddress = localAddress
    // An expired certificate opens this door for one thing only.
    if (!this.#renewing.isValid) {
      this.#renewing.ask()
      return
    }
    this.hello()
    if (this.#withdrawal !== undefined) this.#send({ type: 'withdraw' })
    this.tick()
  }

  /** The link is gone. */
  lost(): void {
    this.#options.reports.lost()
  }

  /** Says who we are and asks for everything; again when ports changed or a delta did not fit. */
  hello(): void {
    const { store } = this.#options
    const { bootId, hostId, build, outbound, admin, inbound } = this.#options.registration()
    const message: Hello = {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      bootId,
      held: store.position,
      wants: store.wants(),
      inbound: inbound && {
        address: inbound.advertised ?? this.#localAddress,
        port: inbound.port,
        public: inbound.public,
      },
      outbound,
      admin,
      hostId,
      ready: this.#isReady,
      build,
    }
    this.#send(message)
  }

  subscribe(names: readonly string[]): void {
    for (let at = 0; at < names.length; at += NAMES_PER_MESSAGE) {
      this.#send({ type: 'subscribe', names: names.slice(at, at + NAMES_PER_MESSAGE) })
    }
  }

  /** Whether the app takes traffic, and why not. Kept for the next hello where nobody is there. */
  setReady(ready: boolean, reason: string | undefined): void {
    if (ready === this.#isReady && reason === this.#readyReason) return
    this.#isReady = ready
    this.#readyReason = reason
    this.#send({ type: 'ready', ready, ...(reason === undefined ? {} : { reason: reason.slice(0, 512) }) })
  }

  /** The endpoints that this proxy leaves alone for now; false where nobody is there to hear it. */
  reportEjections(endpoints: Ejection[]): boolean {
    return this.#send({ type: 'ejections', endpoints })
  }

  /** Leaves the registry. Resolves when the callers were told; who calls decides how long to wait for that. */
  withdraw(): Promise<void> {
    this.#isReady = false
    if (this.#withdrawal === undefined) {
      this.#withdrawal = Promise.withResolvers<void>()
      this.#send({ type: 'withdraw' })
    }
    return this.#withdrawal.promise
  }

  get isWithdrawn(): boolean {
    return this.#isWithdrawn
  }

  /** What is due by time: metrics that wait, a renewal. Called every second or so. */
  tick(): void {
    const { client, clock, reports } = this.#options
    if (!client.isConnected) return
    if (this.#renewing.isValid && client.bufferedBytes < METRICS_BACKLOG_BYTES) {
      for (const message of reports.take(clock.monotonic())) client.send(message)
    }
    this.#renewing.tick()
  }

  /** One frame from the control plane: judged whole, then acted upon. Nothing in it is trusted for its sender. */
  received(text: string): void {
    const { client, log } = this.#options
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      client.drop(CLOSE_PROTOCOL, 'not JSON')
      return
    }
    const parsed = downMessageSchema.safeParse(value)
    if (parsed.success) {
      this.#act(parsed.data)
      return
    }
    const issue = parsed.error.issues[0]
    const reason = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`
    const config = envelopeOf(value)
    if (config === undefined) log.warn('a message of the control plane was not understood', { reason })
    else this.#refuse(config, reason)
  }

  #act(message: DownMessage): void {
    const { client, identity, reports, onControls, onStateChanged } = this.#options
    switch (message.type) {
      case 'snapshot':
      case 'delta':
        this.#config(message)
        return
      case 'certificate':
        // A connection never outlives the certificate that it was made with.
        if (this.#renewing.install(message.chain, message.roots)) client.redial('certificate renewed')
        return
      case 'renewal_refused':
        this.#renewing.refused(message.reason)
        return
      case 'revoked':
        identity.revoke(message.identities, message.instances)
        onStateChanged()
        return
      case 'controls':
        onControls(message.urls)
        onStateChanged()
        return
      case 'withdrawn':
        this.#isWithdrawn = true
        this.#withdrawal?.resolve()
        return
      case 'metrics_ack':
        reports.acknowledged(message.bootId, message.sequence)
        this.tick()
        return
    }
  }

  #config(message: Extract<DownMessage, { type: 'snapshot' | 'delta' }>): void {
    const { store, identity, log, onStateChanged } = this.#options
    const verdict = store.apply(message)
    if (!verdict.apply) {
      if ('unknownBase' in verdict) {
        log.info('a delta was made from another revision than the one held; asking for everything')
        this.hello()
      } else {
        this.#refuse(message, verdict.refused)
      }
      return
    }
    this.counters.applied++
    store.whenFollowed(() => this.#send({ type: 'ack', epoch: message.epoch, revision: message.revision }))
    const mesh = message.documents.find((document) => document.kind === 'mesh')
    if (mesh !== undefined) {
      const result = identity.setRoots(mesh.roots)
      if ('refused' in result) log.error('the roots of the mesh cannot be used', { reason: result.refused })
    }
    onStateChanged()
    if (message.type === 'snapshot') this.#firstSnapshot.resolve()
  }

  #refuse({ epoch, revision }: { epoch: number; revision: number }, reason: string): void {
    this.counters.refused++
    this.#options.log.error('config of the control plane was refused; the old stays in force', {
      epoch,
      revision,
      reason,
    })
    this.#send({ type: 'nack', epoch, revision, reason: reason.slice(0, LONGEST_REASON) })
  }

  #send(message: UpMessage): boolean {
    return this.#options.client.send(JSON.stringify(message))
  }
}
