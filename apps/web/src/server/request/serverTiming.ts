// What an answer tells of its own duration, for a browser's developer tools and for `npm run bench:console`: the header
// `Server-Timing` (https://www.w3.org/TR/server-timing/). Names and milliseconds only. Pure.

export interface ProcedureTime {
  /** As in the request's path, e.g. `services.list`: a token of RFC 9110. */
  procedure: string
  ms: number
}

/** One entry for each procedure of the batch, and `total`: from the request's arrival until its answer is serialised. */
export function serverTiming(times: readonly ProcedureTime[], totalMs: number): string {
  return [...times, { procedure: 'total', ms: totalMs }]
    .map(({ procedure, ms }) => `${procedure};dur=${ms.toFixed(1)}`)
    .join(', ')
}
