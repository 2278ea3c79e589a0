// The conversation with one proxy: each message parsed, judged by what its sender may say, and handed to whom it
// concerns. Identity is the certificate's throughout.
import type { Registration } from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import {
  CLOSE_PROTOCOL,
  CLOSE_REVOKED,
  type DownMessage,
  type Hello,
  PROTOCOL_VERSION,
  type UpMessage,
  upMessageSchema,
} from '@heddle/shared/wire/messages'
import { z } from 'zod'
import type { PeerName } from '../ca/peer.ts'
import type { Renewals } from '../ca/renewal.ts'
import type { MetricsIngest } from '../metrics/ingest.ts'
import type { Membership } from '../registry/membership.ts'
import type { MeshLoader } from '../registry/meshLoader.ts'
import { destinationName, endpointsName } from '../render/affected.ts'
import type { PushHub } from './hub.ts'
import type { PushQueue } from './pushQueue.ts'
import { PushSession } from './session.ts'
import type { UsedDestinations } from './usedDestinations.ts'
import { withinMs } from './withinMs.ts'

/** Callers have this long to acknowledge that an instance leaves. */
const WITHDRAWAL_MS = 2_000
/** A control plane behind a proxy's revision reads the database first, but a proxy does not wait for ever. */
const CATCH_UP_MS = 2_000
const USED_MS = 500

/** What callers will dial: letters, digits and what stands between them in names and IPv4 or IPv6 addresses. */
const ADDRESS = /^[A-Za-z0-9:](?:[A-Za-z0-9.:_-]*[A-Za-z0-9:])?$/

export interface ProxyPeer {
  name: Extract<PeerName, { kind: 'instance' }>
  /** Milliseconds since the epoch. */
  notAfter: number
}

/** What a connection works with; one for the whole process. */
export interface ProxyServices {
  controlId: string
  hub: PushHub
  queue: PushQueue
  loader: MeshLoader
  membership: Membership
  renewals: Renewals
  ingest: MetricsIngest
  used: UsedDestinations
  clock: Clock
  leafTtlMs: () => number
  controls: () => readonly string[]
}

export interface ProxyLink {
  send(frame: Buffer | string): void
  close(code: number, reason: string): void
}

export class ProxyConnection {
  readonly #peer: ProxyPeer
  readonly #link: ProxyLink
  readonly #services: ProxyServices
  #session: PushSession | null = null
  #isClosed = false
  /** Messages are handled in the order in which they came, also where one has to wait. */
  #order: Promise<void> = Promise.resolve()

  constructor(peer: ProxyPeer, link: ProxyLink, services: ProxyServices) {
    this.#peer = peer
    this.#link = link
    this.#services = services
  }

  get peer(): ProxyPeer {
    return this.#peer
  }
  get session(): PushSession | null {
    return this.#session
  }

  send(message: DownMessage): void {
    if (!this.#isClosed) this.#link.send(JSON.stringify(message))
  }

  close(code: number, reason: string): void {
    this.#link.close(code, reason)
  }

  /** The socket is gone. */
  closed(): void {
    this.#isClosed = true
    const { hub, membership } = this.#services
    if (this.#session === null) return
    const isNewest = hub.session(this.#peer.name.instance) === this.#session
    hub.close(this.#session)
    if (isNewest) membership.disconnected(this.#peer.name.instance)
  }

  /** Resolves when the message was handled; rejects where that failed. */
  received(text: string): Promise<void> {
    const handled = this.#order.then(() => (this.#isClosed ? undefined : this.#handle(text)))
    this.#order = handled.catch(() => {})
    return handled
  }

  async #handle(text: string): Promise<void> {
    const message = parseMessage(text)
    if ('invalid' in message) return this.close(CLOSE_PROTOCOL, message.invalid)
    const isExpired = this.#services.clock.now() >= this.#peer.notAfter
    if (isExpired && message.type !== 'renew')
      return this.close(CLOSE_PROTOCOL, 'the certificate has expired: renew it, then connect with the new one')
    if (message.type === 'renew') return this.#renew(message.csr)
    if (message.type === 'hello') return this.#hello(message)
    if (this.#session === null) return this.close(CLOSE_PROTOCOL, 'hello comes first')
    return this.#act(this.#session, message)
  }

  async #hello(hello: Hello): Promise<void> {
    if (hello.protocol > PROTOCOL_VERSION || hello.protocol < PROTOCOL_VERSION - 1)
      return this.close(CLOSE_PROTOCOL, `this control plane speaks protocol ${PROTOCOL_VERSION}, not ${hello.protocol}`)
    if (hello.inbound !== null && !ADDRESS.test(hello.inbound.address))
      return this.close(CLOSE_PROTOCOL, 'the inbound address is neither an IP address nor a host name')
    const { hub, loader, membership, used, clock, ingest } = this.#services
    const { name } = this.#peer
    ingest.reconnected(name.instance)
    const revocations = loader.revocations
    if (revocations.has(name)) return this.close(CLOSE_REVOKED, 'this identity is revoked')
    const [, before] = await Promise.all([
      hello.held === null ? undefined : withinMs(CATCH_UP_MS, loader.catchUp(hello.held), undefined),
      withinMs(USED_MS, used.of(name.instance), []),
    ])
    if (this.#isClosed) return
    if (loader.at.revision > hub.at.revision || loader.at.epoch !== hub.at.epoch) this.#services.queue.flush()
    if (this.#session !== null) hub.close(this.#session)
    this.#session = new PushSession(
      { ...name, hostId: hello.hostId, build: hello.build, connectedSince: clock.now() },
      hello.ready,
      (frame) => this.#link.send(frame),
      (code, reason) => this.close(code, reason),
      hello.held,
    )
    const destinations = before.map(destinationName)
    const replaced = hub.open(this.#session, [...new Set([...hello.wants, ...destinations])])
    replaced?.close(CLOSE_PROTOCOL, 'another connection of the same instance took over')
    this.send({ type: 'controls', urls: [...this.#services.controls()] })
    this.#sendRevoked()
    void membership.hello(this.#registration(hello))
  }

  #registration(hello: Hello): Registration {
    const { service, version, instance } = this.#peer.name
    return {
      instance,
      service,
      version,
      hostId: hello.hostId,
      bootId: hello.bootId,
      inbound: hello.inbound,
      outbound: hello.outbound,
      admin: hello.admin,
      ready: hello.ready,
      build: hello.build,
      controlId: this.#services.controlId,
    }
  }

  #sendRevoked(): void {
    const { services, instances } = this.#services.loader.revocations
    if (services.size + instances.size > 0)
      this.send({ type: 'revoked', identities: [...services], instances: [...instances] })
  }

  #act(session: PushSession, message: Exclude<UpMessage, { type: 'hello' | 'renew' }>): void {
    const { hub, membership, ingest, used } = this.#services
    const { service, instance } = this.#peer.name
    switch (message.type) {
      case 'subscribe':
        hub.subscribe(session, message.names)
        used.add(
          instance,
          message.names.filter((name) => session.needs.has(name) && !session.denied.has(name)),
        )
        return
      case 'ack':
        hub.acknowledged(session, message)
        return
      case 'nack':
        hub.refused(session, message, message.reason)
        return
      case 'ready':
        hub.setReady(session, message.ready, message.reason ?? null)
        void membership.ready(instance, message.ready, message.reason ?? null)
        return
      case 'withdraw':
        // Not waited for: acknowledgements of others' departures come on this connection too.
        void this.#withdraw(session)
        return
      case 'ejections':
        hub.setEjections(session, message.endpoints)
        return
      case 'metrics': {
        const { payload } = message
        const { bootId, sequence } = payload
        ingest.submit({ instance, service }, message.ageMs, payload, () =>
          this.send({ type: 'metrics_ack', bootId, sequence }),
        )
        return
      }
    }
  }

  /** The callers hear of it before the instance does: until then it goes on serving them. */
  async #withdraw(session: PushSession): Promise<void> {
    const { membership, queue, hub } = this.#services
    const { instance, service } = this.#peer.name
    await membership.withdraw(instance)
    queue.flush()
    const callers = hub.holdersOf(endpointsName(service)).filter((caller) => caller !== session)
    const isTold = await withinMs(
      WITHDRAWAL_MS,
      Promise.all(callers.map((caller) => caller.settled())).then(() => true),
      false,
    )
    this.send({ type: 'withdrawn', callersTold: isTold })
  }

  async #renew(csr: string): Promise<void> {
    const { renewals, loader, leafTtlMs } = this.#services
    if (loader.revocations.has(this.#peer.name)) return this.close(CLOSE_REVOKED, 'this identity is revoked')
    const renewed = await renewals.renew(this.#peer.name, csr, leafTtlMs())
    if ('refused' in renewed) this.send({ type: 'renewal_refused', reason: renewed.refused })
    else this.send({ type: 'certificate', ...renewed })
  }
}

function parseMessage(text: string): UpMessage | { invalid: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { invalid: 'not JSON' }
  }
  const parsed = upMessageSchema.safeParse(value)
  return parsed.success ? parsed.data : { invalid: z.prettifyError(parsed.error) }
}
