// The access log: one line for a sample of the requests, off by default. The share comes from MeshSettings.
import type { FinishedRequest, Log } from '../interfaces.ts'

export class AccessLog {
  /** Share of requests that are logged, 0–1. */
  sample = 0
  readonly #log: Log
  readonly #random: () => number

  constructor(log: Log, random: () => number) {
    this.#log = log
    this.#random = random
  }

  /** Writes the line of a finished request, or not, as the sample says. The path has no query: it may hold secrets. */
  maybe(request: FinishedRequest): void {
    if (this.sample < 1 && this.#random() >= this.sample) return
    const { side, source, destination, version, route, outcome, meshError, status, method, authority, path } = request
    this.#log.info('access', {
      side,
      source,
      destination,
      version,
      route,
      method,
      authority,
      path,
      status,
      outcome,
      ...(meshError === null ? {} : { meshError }),
      latencyMs: Math.round(request.latencyMs * 1_000) / 1_000,
      bytesIn: request.bytesIn,
      bytesOut: request.bytesOut,
      retries: request.retriesMade,
      upstream: request.upstream,
      requestId: request.requestId,
      traceId: request.traceId,
    })
  }
}
