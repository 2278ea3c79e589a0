// Renewal of our certificate over the link to the control plane: when to ask, and what to do with the answer.
import type { Clock } from '@heddle/shared/clock'
import type { MeshIdentity } from '../identity/meshIdentity.ts'
import { renewalRetryMs, usability } from '../identity/renewal.ts'
import type { Log } from '../interfaces.ts'

export interface RenewingParts {
  identity: MeshIdentity
  clock: Clock
  random: () => number
  log: Log
}

export class Renewing {
  readonly #parts: RenewingParts
  readonly #ask: (csr: string) => void
  #nextTryAt = 0

  /** `ask` sends a certificate request, PEM. */
  constructor(parts: RenewingParts, ask: (csr: string) => void) {
    this.#parts = parts
    this.#ask = ask
  }

  /** Whether the certificate opens more than the door to its own renewal. */
  get isValid(): boolean {
    const { identity, clock } = this.#parts
    return usability(identity.current().notAfter, clock.now()) === 'valid'
  }

  /** Asks if it is time to. */
  tick(): void {
    const { identity, clock } = this.#parts
    if (clock.now() >= Math.max(identity.renewalDueAt, this.#nextTryAt)) this.ask()
  }

  ask(): void {
    this.#putOff()
    this.#ask(this.#parts.identity.certificateRequest())
  }

  refused(reason: string): void {
    this.#parts.log.error('the control plane does not renew the certificate', { reason })
    this.#putOff()
  }

  /** Takes the answer into use; false where it cannot be. */
  install(chain: string, roots: string[]): boolean {
    const { identity, log } = this.#parts
    const result = identity.install(chain, roots)
    if ('refused' in result) {
      log.error('a renewed certificate cannot be used; the old stays', { reason: result.refused })
      return false
    }
    this.#nextTryAt = 0
    log.info('the certificate was renewed', { expiresAt: new Date(identity.current().notAfter).toISOString() })
    return true
  }

  #putOff(): void {
    const { identity, clock, random } = this.#parts
    const now = clock.now()
    this.#nextTryAt = now + renewalRetryMs(now, identity.current().notAfter, random())
  }
}
