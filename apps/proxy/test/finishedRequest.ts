// A request that has ended, as the request path tells it, with whatever a test wants to be different.
import type { FinishedRequest } from '../src/interfaces.ts'

export function finishedRequest(over: Partial<FinishedRequest> = {}): FinishedRequest {
  return {
    side: 'outbound',
    source: 'storefront',
    destination: 'catalog',
    version: 'v1',
    route: 'default',
    outcome: 'ok',
    meshError: null,
    status: 200,
    retriesMade: 0,
    retrySkipped: null,
    recovered: false,
    latencyMs: 5,
    bytesIn: 10,
    bytesOut: 100,
    method: 'GET',
    path: '/products',
    authority: 'catalog',
    upstream: '127.0.0.1:4143',
    requestId: 'request',
    traceId: 'trace',
    ...over,
  }
}
