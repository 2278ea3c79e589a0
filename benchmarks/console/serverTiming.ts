// What the console's answers tell of the server's own time (the header Server-Timing). Pure.

export interface ServerTime {
  /** From the request's arrival until its answer was serialised. */
  totalMs: number
  /** Each procedure of the batch and its own time. */
  procedures: { procedure: string; ms: number }[]
}

/** null: the header is missing or not the console's. */
export function readServerTiming(header: string | null): ServerTime | null {
  const entries = (header ?? '').split(',').map((entry) => {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim())
    const duration = parameters.find((parameter) => parameter.startsWith('dur='))
    return { procedure: name, ms: duration === undefined ? Number.NaN : Number(duration.slice(4)) }
  })
  const total = entries.find(({ procedure }) => procedure === 'total')
  const procedures = entries.filter(({ procedure }) => procedure !== 'total')
  if (total === undefined || procedures.length === 0 || entries.some(({ ms }) => Number.isNaN(ms))) return null
  return { totalMs: total.ms, procedures }
}
