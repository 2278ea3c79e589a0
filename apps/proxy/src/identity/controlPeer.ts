// How a connection to a control plane is verified, for joining and for the stream of config alike: its chain ends in
// a root that we trust, and its leaf is exactly the control identity. Its host name says nothing.
import { isIP } from 'node:net'
import type { ConnectionOptions, PeerCertificate } from 'node:tls'
import { spiffeId } from '@heddle/shared/spiffe'
import { errorCode } from '../lifecycle/startError.ts'
import { readLeafAtAnyTime } from './leaf.ts'

export const CONTROL_CONNECT_TIMEOUT_MS = 5_000

/** The peer is not a control plane of our mesh. */
export class NotTheControlPlane extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotTheControlPlane'
  }
}

/** Whether a connection failed because its chain does not end in a root that we trust, or its dates are wrong. */
export function isUntrusted(error: Error): boolean {
  return /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA)/.test(errorCode(error) ?? '')
}

export interface ControlAddress {
  host: string
  port: number
}

/** Host (without brackets) and port of a base URL, https. */
export function controlAddress(url: string): ControlAddress {
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) }
}

/** Options for tls.connect: OpenSSL verifies chain and dates, and then the leaf must be the control identity. */
export function controlTls(host: string, roots: readonly string[], trustDomain: string | null) {
  return {
    minVersion: 'TLSv1.3',
    ca: [...roots],
    rejectUnauthorized: true,
    // RFC 6066, 3: an address is no server name.
    servername: isIP(host) === 0 ? host : '',
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      checkControlIdentity(certificate, trustDomain),
  } satisfies ConnectionOptions
}

/** Before the first certificate the trust domain is not known: the one of the root's own control plane will do. */
function checkControlIdentity(certificate: PeerCertificate, trustDomain: string | null): Error | undefined {
  const domain = trustDomain ?? trustDomainOf(certificate)
  const leaf = readLeafAtAnyTime(certificate.raw, domain)
  if ('refused' in leaf) return new NotTheControlPlane(leaf.refused)
  if (leaf.identity.kind === 'control') return undefined
  return new NotTheControlPlane(`it is ${leaf.spiffeId}, not ${spiffeId(domain, { kind: 'control' })}`)
}

function trustDomainOf(certificate: PeerCertificate): string {
  return /URI:spiffe:\/\/([a-z0-9._-]{1,255})\//.exec(certificate.subjectaltname ?? '')?.[1] ?? ''
}
