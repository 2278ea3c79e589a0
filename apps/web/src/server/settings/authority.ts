// The certificate authority as everybody may see it: certificates without keys, and when each is followed by the next.
// Pure: what was read comes in.
import type { AuthorityCertificate, IssuedCertificate } from '@heddle/db'
import { nextIssuerAt } from '@heddle/shared/issuerRenewal'
import type { AuthorityOutput } from '../schemas/settings.ts'

interface Facts {
  certificates: readonly AuthorityCertificate[]
  issued: readonly IssuedCertificate[]
  /** Instances that are there: a leaf of one that has ended ends unmissed. */
  present: ReadonlySet<string>
  trustDomain: string | null
  leafTtlMs: number
}

export function authorityOf({ certificates, issued, present, trustDomain, leafTtlMs }: Facts): AuthorityOutput {
  const held = issued.filter(({ instance }) => present.has(instance))
  const [first] = held.toSorted((a, b) => a.notAfter - b.notAfter)
  return {
    trustDomain,
    certificates: certificates.map(({ id, kind, state, notBefore, notAfter }) => ({
      id,
      kind,
      state,
      notBefore,
      notAfter,
      nextAt: kind === 'issuer' && state === 'active' ? nextIssuerAt({ notBefore, notAfter }) : null,
      leaves: held.filter(({ issuerId }) => issuerId === id).length,
    })),
    leafTtlMs,
    firstToExpire: first === undefined ? null : { instance: first.instance, at: first.notAfter },
  }
}

/** The trust domain stands in a root's name as its spiffe URI; null: the certificate cannot be read. */
export function trustDomainOf(subjectAltName: string | undefined): string | null {
  return /URI:spiffe:\/\/([a-z0-9._-]+)/.exec(subjectAltName ?? '')?.[1] ?? null
}
