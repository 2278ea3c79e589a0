// Documents as the control plane renders them, with whatever a test wants to be different.
import type { DestinationDocument, InboundDocument, MeshDocument, WireDocument } from '@heddle/shared/wire/config'

export const SETTINGS: InboundDocument['settings'] = {
  protocol: 'http',
  balancing: 'peak-ewma',
  breaker: { consecutiveFailures: 7, minPenaltyMs: 1_000, maxPenaltyMs: 60_000 },
  retryBudget: { percent: 20, minPerSecond: 10, windowMs: 10_000 },
  limits: { requestsPerSecond: null, perCaller: null },
}

export function meshDocument(roots: string[], trustDomain = 'test.heddle'): MeshDocument {
  return { kind: 'mesh', trustDomain, roots, egress: 'allow', accessLogSample: 0 }
}

export function inboundDocument(service: string): InboundDocument {
  return { kind: 'inbound', service, settings: SETTINGS, defaultAccess: 'allow', rules: [], routes: [] }
}

/** `service` null: the name is denied. */
export function destinationDocument(name: string, service: string | null = name): DestinationDocument {
  return { kind: 'destination', name, service, version: null, settings: SETTINGS, routes: [] }
}

export function endpointsDocument(service: string, ports: readonly number[]): WireDocument {
  return {
    kind: 'endpoints',
    service,
    endpoints: ports.map((port) => ({ instance: `${service}-v1-${port}`, version: 'v1', address: '127.0.0.1', port })),
  }
}
