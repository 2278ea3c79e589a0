// JSON lines on stdout, as every process of Heddle writes them.

export type LogLevel = 'info' | 'warn' | 'error'
export type Log = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void

export function jsonLog(write: (line: string) => void, now: () => number): Log {
  return (level, message, fields = {}) =>
    write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...fields })}\n`)
}

/** An error's own words, with its causes'. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const text = error.message === '' ? error.name : error.message
  return error.cause === undefined ? text : `${text}: ${errorText(error.cause)}`
}
