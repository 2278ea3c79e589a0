// JSON lines on stdout: one object per line, for people with grep and for machines alike.

export type LogLevel = 'info' | 'warn' | 'error'
export type Log = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void

export function jsonLog(write: (line: string) => void, now: () => number): Log {
  return (level, message, fields = {}) =>
    write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...fields })}\n`)
}

/** An error's own words, with its cause's where there is one. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const text = error.message === '' ? error.name : error.message
  return error.cause === undefined ? text : `${text}: ${errorText(error.cause)}`
}
