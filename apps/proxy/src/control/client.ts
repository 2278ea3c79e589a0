// Keeps one link to one of the control planes open: fails over through the list, waits with jitter between rounds,
// and never gives up, but for a revoked identity.
import type { Clock } from '@heddle/shared/clock'
import { CLOSE_REVOKED } from '@heddle/shared/wire/messages'
import type { Log, TlsMaterial } from '../interfaces.ts'
import { messageOf } from '../lifecycle/startError.ts'
import { reconnectDelayMs } from './backoff.ts'
import { type Link, type LinkOptions, openLink } from './link.ts'

/** A link that held this long was a good one: the next loss begins with the shortest waits again. */
const STABLE_MS = 10_000

export interface ClientOptions {
  urls: readonly string[]
  /** Read anew for each connection: certificates change. */
  material: () => TlsMaterial
  clock: Clock
  random: () => number
  log: Log
  onOpen: (localAddress: string) => void
  onText: (text: string) => void
  onLost: () => void
  /** Replaced in tests. */
  open?: (options: LinkOptions) => Link
}

export class ControlClient implements AsyncDisposable {
  readonly #options: ClientOptions
  readonly #configured: readonly string[]
  #urls: string[]
  #link: Link | undefined
  #isOpen = false
  #isEnded = false
  #isRevoked = false
  #isRedialling = false
  #tried = 0
  #timer: NodeJS.Timeout | undefined
  #openedAt = 0
  #lastFailure = ''
  #ended: (() => void) | undefined

  constructor(options: ClientOptions) {
    this.#options = options
    this.#configured = options.urls
    this.#urls = [...options.urls]
  }

  get isConnected(): boolean {
    return this.#isOpen
  }

  /** The control plane has closed the door on this identity. */
  get isRevoked(): boolean {
    return this.#isRevoked
  }

  /** Why there is no connection, in words; empty where none has failed yet. */
  get lastFailure(): string {
    return this.#lastFailure
  }

  get bufferedBytes(): number {
    return this.#link?.bufferedBytes ?? 0
  }

  start(): void {
    this.#dial()
  }

  /** False where nobody is there to take it. */
  send(text: string): boolean {
    return this.#isOpen && (this.#link?.send(text) ?? false)
  }

  /** Other control planes of the mesh to fail over to; the configured ones stay in the list. */
  setUrls(urls: readonly string[]): void {
    this.#urls = [...new Set([...urls, ...this.#configured])]
  }

  /** Ends a link that makes no sense; the next one comes as after any loss. `code`: a WebSocket close code. */
  drop(code: number, reason: string): void {
    this.#link?.close(code, reason)
  }

  /** Ends a good link and dials again at once, with the certificate that is now in force. */
  redial(reason: string): void {
    this.#isRedialling = true
    this.#link?.close(1000, reason)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true
    clearTimeout(this.#timer)
    const link = this.#link
    if (link === undefined) return
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve
    })
    link.close(1000, 'leaving')
    // A close handshake that is not answered must not hold up the end of the process.
    const timer = setTimeout(() => link.terminate(), 1_000)
    await ended
    clearTimeout(timer)
  }

  #dial(): void {
    const { clock, log, material, onOpen, onText, onLost, open = openLink } = this.#options
    const url = this.#urls[this.#tried % this.#urls.length] ?? ''
    const options: LinkOptions = {
      url,
      material: material(),
      monotonic: () => clock.monotonic(),
      onOpen: (localAddress) => {
        this.#isOpen = true
        this.#openedAt = clock.monotonic()
        log.info('connected to a control plane', { url })
        onOpen(localAddress)
      },
      onText,
      onClosed: (reason, code) => {
        const wasOpen = this.#isOpen
        this.#isOpen = false
        this.#link = undefined
        const isOwnDoing = this.#isEnded || this.#isRedialling
        if (!isOwnDoing && (wasOpen || reason !== this.#lastFailure))
          log.warn('no connection to the control plane', { url, reason })
        this.#lastFailure = reason
        if (wasOpen) onLost()
        this.#ended?.()
        if (code === CLOSE_REVOKED) {
          this.#isRevoked = true
          log.error('the control plane has revoked this identity; this proxy does not ask again', { url, reason })
        } else {
          this.#redialLater(wasOpen)
        }
      },
    }
    try {
      this.#link = open(options)
    } catch (error) {
      options.onClosed(messageOf(error), 1006)
    }
  }

  #redialLater(wasOpen: boolean): void {
    if (this.#isEnded) return
    const { clock, random } = this.#options
    if (this.#isRedialling) {
      this.#isRedialling = false
      this.#tried = 0
      this.#dial()
      return
    }
    if (wasOpen && clock.monotonic() - this.#openedAt > STABLE_MS) this.#tried = 0
    else this.#tried++
    // The others of the list are tried at once; waiting comes after a round in vain.
    const round = Math.floor(this.#tried / this.#urls.length)
    const isWithinRound = this.#tried % this.#urls.length !== 0 && !wasOpen
    this.#timer = setTimeout(() => this.#dial(), isWithinRound ? 0 : reconnectDelayMs(round, random()))
  }
}
