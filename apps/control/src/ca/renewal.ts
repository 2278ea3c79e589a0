// Renewal of a leaf by the one it replaces. It needs no database: identity is what the present certificate says, the
// issuer's key is in memory, and what was issued is written down afterwards.
import { type Database, type IssuedCertificate, recordIssued } from '@heddle/db'
import type { JoinResponse } from '@heddle/shared/wire/join'
import { errorText, type Log } from '../log.ts'
import { type Authority, issuedRecord } from './authority.ts'
import type { Subject } from './certificates.ts'
import { readCertificateRequest } from './request.ts'

/** An instance that was away longer than its leaf lasts may come back by itself for this long. */
export const EXPIRED_MAY_RENEW_MS = 30 * 24 * 3_600_000

export interface RenewalOptions {
  db: Database
  authority: Authority
  log: Log
  onRenewed: () => void
}

export type Renewed = Pick<JoinResponse, 'chain' | 'roots'>

export class Renewals {
  readonly #options: RenewalOptions
  /** Issued while the database was away, the newest of each instance. */
  readonly #unrecorded = new Map<string, IssuedCertificate>()

  constructor(options: RenewalOptions) {
    this.#options = options
  }

  /** A new leaf for the same subject and the key of the request, or why not, in words. */
  async renew(subject: Subject, csr: string, ttlMs: number): Promise<Renewed | { refused: string }> {
    const { authority, onRenewed } = this.#options
    const key = await readCertificateRequest(csr)
    if ('refused' in key) return key
    const leaf = await authority.issue(subject, key.spki, ttlMs)
    onRenewed()
    if (subject.kind === 'instance') {
      this.#unrecorded.set(subject.instance, issuedRecord(subject, leaf))
      void this.recordAll()
    }
    return { chain: leaf.chain, roots: [...authority.roots()] }
  }

  /** Writes down what was issued; what cannot be written now is kept for the next call. */
  async recordAll(): Promise<void> {
    for (const [instance, issued] of [...this.#unrecorded]) {
      try {
        await recordIssued(this.#options.db, issued)
        if (this.#unrecorded.get(instance) === issued) this.#unrecorded.delete(instance)
      } catch (error) {
        this.#options.log('warn', 'an issued certificate could not be written down yet', { reason: errorText(error) })
        return
      }
    }
  }
}
