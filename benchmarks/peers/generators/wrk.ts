// Closed loop: so many connections, each with its next request as soon as it has its answer.
import { fileURLToPath } from 'node:url'
import { capture } from './capture.ts'
import { type Generated, GRACE_MS, generatedSchema, type Target } from './generator.ts'

const script = fileURLToPath(new URL('./wrk.lua', import.meta.url))

export interface ClosedLoop {
  connections: number
  method: 'GET' | 'POST'
  /** Of each request; 0: none. */
  bodyBytes: number
}

export async function wrk(
  { port, path, headers }: Target,
  { connections, method, bodyBytes }: ClosedLoop,
  seconds: number,
  signal: AbortSignal,
): Promise<Generated> {
  const command = [
    ...['wrk', '--threads', '1', '--connections', `${connections}`],
    // It knows whole seconds only.
    ...['--duration', `${Math.max(1, Math.round(seconds))}s`, '--script', script],
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...[`http://127.0.0.1:${port}${path}`, '--', method, `${bodyBytes}`],
  ]
  const printed = await capture(command, seconds * 1_000 + GRACE_MS, signal)
  return generatedSchema.parse(JSON.parse(lastLine(printed)))
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''
