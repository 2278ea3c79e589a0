// The console's streams from all control planes, merged: live metrics, proxies, how far changes have spread.
// Which control planes exist is asked of the database; without it, those configured and those known before are dialled.
import type { Clock } from '@heddle/shared/clock'
import type { ConsoleMessage, ProxyState, Spread } from '@heddle/shared/wire/console'
import type { Log } from '../log.ts'
import { LiveWindow } from '../metrics/liveWindow.ts'
import type { LiveSource } from '../metrics/reader.ts'
import { ControlLink } from './controlLink.ts'
import { readSecret } from './enrol.ts'
import { Enrolment } from './enrolment.ts'
import { mergeProxies, mergeSpreads } from './spreads.ts'

const DISCOVER_EVERY_MS = 5_000
/** While a stream is missing: a control plane that was away for long is known only once the database names it again. */
const LOOK_EVERY_MS = 1_000
/** A reconnect that takes no longer than this is no news. */
const BLIP_MS = 3_000
const AWAY_MS = 15_000

export interface KnownControl {
  id: string
  /** Base URL, https. */
  address: string
}

export interface ControlStreamOptions {
  home: string
  /** Base URLs that are dialled whatever the database says. */
  controls: readonly string[]
  /** The control planes that are alive, by the database; throws while it is away. */
  discover: () => Promise<readonly KnownControl[]>
  clock: Clock
  log: Log
  random: () => number
}

export interface ControlState {
  link: 'connected' | 'reconnecting' | 'away'
  /** A plain sentence, unless connected. */
  reason: string | null
}

interface Held {
  /** Wall time of the control plane less ours, in milliseconds. */
  offsetMs: number
  proxies: Map<string, ProxyState>
  spreads: Map<number, Spread>
}

export class ControlStream implements LiveSource, AsyncDisposable {
  readonly window = new LiveWindow()
  readonly #options: ControlStreamOptions
  readonly #links = new Map<string, ControlLink>()
  readonly #held = new Map<string, Held>()
  readonly #listeners = new Set<() => void>()
  readonly #enrolment: Enrolment
  readonly #timer: NodeJS.Timeout
  #expected: readonly KnownControl[] | null = null
  #lastReason = 'No control plane has answered the console yet.'
  #incompleteSince: number | null
  #generation = 0
  #discoveredAt = 0
  #isDiscovering = false

  constructor(options: ControlStreamOptions) {
    this.#options = options
    this.#incompleteSince = options.clock.monotonic()
    this.#enrolment = new Enrolment({
      ...options,
      sendRenewal: (csr) => {
        const open = [...this.#links.values()].find((link) => link.isOpen)
        open?.send({ type: 'renew', csr })
        return open !== undefined
      },
      onIdentity: () => {
        for (const link of this.#links.values()) {
          this.#forget(link)
          link.hangUp()
          link.dial()
        }
      },
    })
    this.#timer = setInterval(() => {
      if (isLookDue(this.isComplete(), options.clock.monotonic() - this.#discoveredAt)) void this.#discover()
    }, LOOK_EVERY_MS)
    this.#timer.unref()
    void this.#discover()
  }

  /** Called after anything changed; at most once per message. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** Milliseconds since the epoch, as the control planes' clocks show it: metrics are dated by those. */
  now(): number {
    const offsets = [...this.#held.values()].map(({ offsetMs }) => offsetMs)
    return this.#options.clock.now() + (offsets.length === 0 ? 0 : Math.max(...offsets))
  }

  isComplete(): boolean {
    if (this.#held.size === 0) return false
    return this.#expected === null || this.#expected.every(({ id }) => this.#held.has(id))
  }

  state(): ControlState {
    if (this.isComplete() || this.#incompleteSince === null) return { link: 'connected', reason: null }
    const downMs = this.#options.clock.monotonic() - this.#incompleteSince
    if (downMs < BLIP_MS && this.window.dataAt !== null) return { link: 'connected', reason: null }
    return { link: downMs < AWAY_MS ? 'reconnecting' : 'away', reason: this.#reason() }
  }

  partialReason(): string | null {
    return this.state().reason
  }

  /** Moves with what is told of proxies, and with the control planes that tell it; not with calls. */
  get generation(): number {
    return this.#generation
  }

  /** null: no control plane streams, so that nothing is known of proxies. */
  proxies(): Map<string, ProxyState> | null {
    if (this.#held.size === 0) return null
    return mergeProxies([...this.#held.values()].map(({ proxies }) => proxies.values()))
  }

  /** Newest revisions first. */
  spreads(): Spread[] {
    return mergeSpreads([...this.#held.values()].map(({ spreads }) => spreads.values()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    for (const link of this.#links.values()) link[Symbol.dispose]()
    this.#listeners.clear()
    await this.#enrolment[Symbol.asyncDispose]()
  }

  #reason(): string {
    const missing = this.#expected?.filter(({ id }) => !this.#held.has(id)) ?? []
    if (this.#expected?.length === 0)
      return 'No control plane is running. Calls go on with the config that proxies hold.'
    if (this.#held.size > 0 && missing.length > 0)
      return `The console has no stream from ${missing.map(({ address }) => address).join(', ')}.`
    return this.#enrolment.problem ?? this.#lastReason
  }

  async #discover(): Promise<void> {
    if (this.#isDiscovering) return
    this.#isDiscovering = true
    this.#discoveredAt = this.#options.clock.monotonic()
    try {
      this.#expected = await this.#options.discover()
    } catch {
      // The database is away: those known before are still the best guess.
    }
    this.#isDiscovering = false
    const urls = new Set([...this.#options.controls, ...(this.#expected ?? []).map(({ address }) => address)])
    const secret = readSecret(this.#options.home)
    if (urls.size === 0 && secret !== undefined) urls.add(secret.controlUrl)
    for (const url of urls) {
      const key = new URL(url).origin
      let link = this.#links.get(key)
      if (link === undefined) {
        link = new ControlLink(
          key,
          () => this.#enrolment.identity,
          {
            onMessage: (from, message) => this.#receive(from, message),
            onDown: (from, reason) => this.#linkDown(from, reason),
          },
          this.#options.log,
          this.#options.random,
        )
        this.#links.set(key, link)
      }
      const isAlias = link.controlId !== null && this.#held.has(link.controlId)
      if (!isAlias) link.dial()
    }
    const wanted = new Set([...urls].map((url) => new URL(url).origin))
    for (const [url, link] of this.#links)
      if (!wanted.has(url) && !link.isOpen) {
        link[Symbol.dispose]()
        this.#links.delete(url)
      }
    this.#changed()
  }

  #receive(link: ControlLink, message: ConsoleMessage): void {
    if (message.type === 'state') {
      this.#takeState(link, message)
      return
    }
    const held = link.controlId === null ? undefined : this.#held.get(link.controlId)
    if (link.controlId === null || held === undefined) return
    switch (message.type) {
      case 'live':
        held.offsetMs = message.now - this.#options.clock.now()
        this.window.add(link.controlId, message.now, message.buckets)
        break
      case 'proxies':
        for (const proxy of message.proxies) held.proxies.set(proxy.instance, proxy)
        for (const instance of message.gone) held.proxies.delete(instance)
        this.#generation++
        break
      case 'spread':
        for (const spread of message.spreads) held.spreads.set(spread.revision, spread)
        for (const revision of [...held.spreads.keys()].slice(0, -100)) held.spreads.delete(revision)
        break
      case 'certificate':
        this.#enrolment.renewed(message.chain, message.roots)
        break
      case 'renewal_refused':
        this.#enrolment.renewalRefused(message.reason)
        break
    }
    this.#changed()
  }

  #takeState(link: ControlLink, message: Extract<ConsoleMessage, { type: 'state' }>): void {
    const other = [...this.#links.values()].find(
      (known) => known !== link && known.controlId === message.controlId && this.#held.has(message.controlId),
    )
    link.controlId = message.controlId
    // Two addresses of one control plane: counting its rows twice would be wrong, so the second stream ends.
    if (other?.isOpen) {
      link.hangUp()
      return
    }
    this.#enrolment.confirm()
    this.#generation++
    this.window.setState(message.controlId, message.now, message.buckets)
    this.#held.set(message.controlId, {
      offsetMs: message.now - this.#options.clock.now(),
      proxies: new Map(message.proxies.map((proxy) => [proxy.instance, proxy])),
      spreads: new Map(message.spreads.map((spread) => [spread.revision, spread])),
    })
    this.#options.log('info', 'a control plane streams to the console', { control: link.url, id: message.controlId })
    this.#changed()
  }

  #linkDown(link: ControlLink, reason: string): void {
    this.#lastReason = `The control plane ${link.url} does not stream to the console: ${reason}.`
    if (this.#forget(link))
      this.#options.log('warn', 'the stream from a control plane ended', { control: link.url, reason })
    // Refused by TLS or by the handshake: perhaps the authority is another one now.
    if (/certificate|alert|response: 40[13]/i.test(reason)) this.#enrolment.doubt()
    this.#changed()
  }

  /** Whether it was one of those that stream. */
  #forget(link: ControlLink): boolean {
    const id = link.controlId
    link.controlId = null
    if (id === null || !this.#held.delete(id)) return false
    this.#generation++
    this.window.drop(id, this.now())
    return true
  }

  #changed(): void {
    if (this.isComplete()) this.#incompleteSince = null
    else this.#incompleteSince ??= this.#options.clock.monotonic()
    for (const listener of this.#listeners) listener()
  }
}

/** Whether the database is asked for control planes, `sinceMs` after it was last; called each second. */
export const isLookDue = (isComplete: boolean, sinceMs: number): boolean => !isComplete || sinceMs >= DISCOVER_EVERY_MS
