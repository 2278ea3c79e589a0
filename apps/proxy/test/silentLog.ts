// A log for tests that look at something else.
import type { Log } from '../src/interfaces.ts'

export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** Remembers messages and their fields. */
export function rememberingLog(): Log & { lines: { level: string; message: string; fields: unknown }[] } {
  const lines: { level: string; message: string; fields: unknown }[] = []
  const line = (level: string) => (message: string, fields?: unknown) => void lines.push({ level, message, fields })
  return { lines, info: line('info'), warn: line('warn'), error: line('error') }
}
