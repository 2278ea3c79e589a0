// The seams of the proxy: what the request path knows of the control plane's config, of identity and of telemetry.
// `listen/`, `forward/` and `path/` depend on these and on the pure folders only; `control/`, `identity/` and
// `telemetry/` implement them; `app.ts` puts them together.
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { DestinationDocument, EndpointsDocument, InboundDocument, MeshDocument } from '@heddle/shared/wire/config'
import type { RetrySkipped } from '@heddle/shared/wire/metrics'

/** The config in force: swapped whole, so that two reads within one turn of the event loop agree. */
export interface MeshView {
  /** The service whose proxy this is. */
  readonly service: string
  readonly mesh: MeshDocument | null
  readonly inbound: InboundDocument | null
  /** A destination that is held; `service: null` in it means that the control plane denied the name. */
  destination(name: string): DestinationDocument | undefined
  endpoints(service: string): EndpointsDocument | undefined
  /** Those of every service that is held. */
  allEndpoints(): EndpointsDocument[]
  /** As `destination`, but subscribes on first use and waits; undefined after `timeoutMs` without an answer. */
  resolve(name: string, timeoutMs: number): Promise<DestinationDocument | undefined>
  /** Called after each swap with the names of the documents that changed or went. */
  onChange(listener: (changed: ReadonlySet<string>) => void): Disposable
}

/** PEM material for mesh connections. A new object after each renewal. */
export interface TlsMaterial {
  /** Grows with each change of certificate or roots: connections and pools belong to one generation. */
  readonly generation: number
  readonly key: string
  /** Leaf first, then issuers. */
  readonly chain: string
  readonly roots: readonly string[]
  readonly trustDomain: string
  /** End of the leaf's validity, milliseconds since the epoch. */
  readonly notAfter: number
}

export interface PeerIdentity {
  service: string
  /** The URI that was in the certificate, for x-forwarded-client-cert. */
  spiffeId: string
  instance: string | null
  /** End of the peer's leaf, milliseconds since the epoch: the connection ends gracefully before. */
  notAfter: number
  /** SHA-256 of the leaf's DER, lower-case hex, for x-forwarded-client-cert's Hash. */
  hash: string
}

export interface IdentitySource {
  current(): TlsMaterial
  onChange(listener: (material: TlsMaterial) => void): Disposable
  /**
   * The workload identity in a peer's certificate, after the chain was verified by TLS: exactly one URI SAN, a
   * service of our trust domain, not expired, not revoked. Else the reason in words.
   */
  verifyPeer(certificate: PeerCertificateFacts): PeerIdentity | { refused: string }
  /** Called when an identity or instance was revoked: its live connections must end. */
  onRevoked(listener: (isRevoked: (peer: PeerIdentity) => boolean) => void): Disposable
}

/** The part of node:tls' DetailedPeerCertificate that identity is read from. */
export interface PeerCertificateFacts {
  /** DER of the leaf. */
  raw: Buffer
}

export type OutcomeClass = 'ok' | 'clientError' | 'serverError' | 'meshError' | 'denied' | 'limited' | 'cancelled'

/** What a call is counted under. */
export interface SeriesLabels {
  side: 'outbound' | 'inbound'
  /** Our own service on the outbound side; the caller (or `public`) on the inbound side. */
  source: string
  /** Service called, `egress` for calls that leave the mesh. */
  destination: string
  /** `-` where no endpoint was reached. */
  version: string
  /** Route label; `default` where there is none. */
  route: string
}

/**
 * One finished request, or one opaque connection that is over, as the request path tells telemetry. Reused objects are
 * fine: nothing is kept.
 */
export interface FinishedRequest extends SeriesLabels {
  outcome: OutcomeClass
  /** Code of the mesh's own answer, for meshError, denied and limited. */
  meshError: MeshErrorCode | null
  /** Final status sent; 0 where the caller went away before, and for opaque connections. */
  status: number
  retriesMade: number
  /** Why a further retry was not made, where one would have been called for; null else. */
  retrySkipped: RetrySkipped | null
  /** Succeeded, but not at the first try. */
  recovered: boolean
  /** From the request's head received to the answer's head sent. */
  latencyMs: number
  bytesIn: number
  bytesOut: number
  /** Those of them that `moved` has told. */
  toldBefore?: { bytesIn: number; bytesOut: number }
  method: string
  /** Canonical path without query; becomes a pattern on the inbound side, a field of the access log, never a label. */
  path: string
  authority: string
  /** Endpoint or app address that answered; empty where none. */
  upstream: string
  requestId: string
  traceId: string
}

export interface Telemetry {
  finished(request: FinishedRequest): void
  /** What an opaque connection carried since the last time, while it is open. */
  moved(labels: SeriesLabels, bytesIn: number, bytesOut: number): void
  /** Gauge of opaque connections that are open. */
  connectionsOpen(labels: SeriesLabels, change: 1 | -1): void
  /** One hit of an access rule (inbound side). */
  ruleHit(rule: string, source: string, verdict: 'allowed' | 'denied' | 'audit_would_allow' | 'audit_would_deny'): void
  /** Gauge of work in flight, per side. */
  inFlight(side: 'outbound' | 'inbound', change: 1 | -1): void
  /** Things that an operator should see counted and logged, e.g. a peer refused: never per request in the good case. */
  event(
    name:
      | 'peer_refused'
      | 'connection_failed'
      | 'tcp_refused'
      | 'endpoint_ejected'
      | 'endpoint_restored'
      | 'mirror_dropped',
    fields: Record<string, string | number>,
  ): void
}

/** Structured log, one JSON line each. Never given a secret. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
}
