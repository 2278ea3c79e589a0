// Keeps the console certified: the identity on disk, a first one by the one-time secret, renewal at half its life.
// Streams ask for the identity in force; the messages of a renewal go through whichever stream is open.

import { certificateRequest, type InstanceKey, newKey } from '@heddle/proxy/identity/key'
import { renewalDueAt, renewalRetryMs } from '@heddle/proxy/identity/renewal'
import type { Clock } from '@heddle/shared/clock'
import { errorText, type Log } from '../log.ts'
import { type ConsoleIdentity, checkIdentity, readIdentity, rootHash, writeIdentity } from './consoleIdentity.ts'
import { EnrolmentRefused, enrol, readSecret, removeSecret } from './enrol.ts'

/** How often a missing identity or a fresh secret is looked for. */
const LOOK_EVERY_MS = 1_000

export interface EnrolmentOptions {
  home: string
  clock: Clock
  log: Log
  random: () => number
  /** Sends a renewal over an open stream; false: none is open. */
  sendRenewal: (csr: string) => boolean
  /** A new identity is in force: dial, or dial anew. */
  onIdentity: () => void
}

export class Enrolment implements AsyncDisposable {
  readonly #options: EnrolmentOptions
  #identity: ConsoleIdentity | undefined
  #renewAt = Number.POSITIVE_INFINITY
  #renewalKey: InstanceKey | null = null
  /** The secret that was tried in vain: only a fresh one is tried again. */
  #refusedSecret: string | null = null
  /** Streams were refused: a fresh secret is worth more than the identity held. */
  #isDoubted = false
  #timer: NodeJS.Timeout
  #running: Promise<void> = Promise.resolve()
  #problem: string | null = null

  constructor(options: EnrolmentOptions) {
    this.#options = options
    const stored = readIdentity(options.home)
    if (stored !== undefined && stored.notAfter > options.clock.now()) this.#take(stored)
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#timer.unref()
    this.#look()
  }

  get identity(): ConsoleIdentity | undefined {
    const identity = this.#identity
    return identity !== undefined && identity.notAfter > this.#options.clock.now() ? identity : undefined
  }

  /** Why there is no identity, in a plain sentence; null: there is one. */
  get problem(): string | null {
    return this.identity === undefined
      ? (this.#problem ?? 'The console is not enrolled with a control plane yet.')
      : null
  }

  /** A control plane refused the certificate, or shows another root. */
  doubt(): void {
    this.#isDoubted = true
  }

  /** A stream works. */
  confirm(): void {
    this.#isDoubted = false
  }

  /** The answer to a renewal. */
  renewed(chain: string, roots: readonly string[]): void {
    const [key, current] = [this.#renewalKey, this.#identity]
    this.#renewalKey = null
    if (key === null || current === undefined) return
    const now = this.#options.clock.now()
    const { trustDomain } = current
    const identity = checkIdentity({ trustDomain, key: key.pem, chain, roots: [...roots], receivedAt: now })
    if ('refused' in identity) {
      this.#options.log('error', 'the renewed certificate cannot be used', { reason: identity.refused })
      return
    }
    this.#install(identity)
  }

  renewalRefused(reason: string): void {
    this.#renewalKey = null
    this.#options.log('warn', 'a control plane refused to renew the certificate of the console', { reason })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  #look(): void {
    const now = this.#options.clock.now()
    const identity = this.identity
    if (identity !== undefined && now >= this.#renewAt) this.#renew(identity, now)
    if (identity !== undefined && !this.#isDoubted) return
    this.#running = this.#running.then(() => this.#enrolAnew())
  }

  #renew(identity: ConsoleIdentity, now: number): void {
    const key = newKey()
    this.#renewalKey = this.#options.sendRenewal(certificateRequest(key)) ? key : null
    this.#renewAt = now + renewalRetryMs(now, identity.notAfter, this.#options.random())
  }

  async #enrolAnew(): Promise<void> {
    const { home, clock, log } = this.#options
    if (this.identity !== undefined && !this.#isDoubted) return
    const secret = readSecret(home)
    if (secret === undefined || secret.secret === this.#refusedSecret) {
      this.#problem ??= 'The console waits for a control plane to leave its one-time secret in HEDDLE_HOME.'
      return
    }
    try {
      const identity = await enrol(secret, () => clock.now())
      removeSecret(home, secret)
      log('info', 'the console is enrolled', { control: secret.controlUrl, root: rootHash(identity.roots[0] ?? '') })
      this.#install(identity)
    } catch (error) {
      if (error instanceof EnrolmentRefused) this.#refusedSecret = secret.secret
      const problem = `The control plane ${secret.controlUrl} did not enrol the console: ${errorText(error)}.`
      if (problem !== this.#problem) log('warn', problem)
      this.#problem = problem
    }
  }

  #install(identity: ConsoleIdentity): void {
    try {
      writeIdentity(this.#options.home, identity)
    } catch (error) {
      this.#options.log('error', 'the identity of the console could not be stored; it is used all the same', {
        error: errorText(error),
      })
    }
    this.#take(identity)
    this.#options.onIdentity()
  }

  #take(identity: ConsoleIdentity): void {
    this.#identity = identity
    this.#isDoubted = false
    this.#problem = null
    this.#renewAt = renewalDueAt(identity.receivedAt, identity.notAfter, this.#options.random())
  }
}
