// The console, Next's standalone server, as a child of `heddle up`; ready when its health route says so.
import { join } from 'node:path'
import type { Home } from '../home.ts'
import { spawnChild, whenReady } from '../supervise/child.ts'
import { childEnvironment } from '../supervise/childEnvironment.ts'
import { PROGRAMS } from '../supervise/programs.ts'
import { type Running, sleep } from '../supervise/supervisor.ts'

/** Open event streams end within half a second of SIGTERM. */
const STOP_GRACE_MS = 10_000
const POLL_MS = 150

export interface ConsoleStart {
  home: Home
  variables: Readonly<Record<string, string | undefined>>
  databaseUrl: string
  /** What browsers see. */
  publicUrl: string
  listen: string
  port: number
  /** https URLs, comma separated. */
  control: string
}

export async function startConsole(start: ConsoleStart, signal: AbortSignal): Promise<Running> {
  const { home, variables, databaseUrl, publicUrl, listen, port, control } = start
  const logFile = join(home.logDirectory, 'console.log')
  const child = await spawnChild({
    name: 'the console',
    args: ['--require', PROGRAMS.endWithParent, PROGRAMS.console],
    env: childEnvironment(variables, home.compileCacheDirectory, {
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      // The console's own, weaker role; it never sees the other URL.
      CONSOLE_DATABASE_URL: databaseUrl,
      HEDDLE_HOME: home.directory,
      HEDDLE_CONSOLE_URL: publicUrl,
      HEDDLE_CONTROL: control,
      HOSTNAME: listen,
      PORT: String(port),
    }),
    logFile,
  })
  const stopping = new AbortController()
  try {
    const health = untilHealthy(`${localUrl(listen, port)}/api/health`, stopping.signal)
    await whenReady({ name: 'the console', logFile }, child, health, signal)
    return { exited: child.exited, stop: () => child.stop(STOP_GRACE_MS) }
  } catch (error) {
    await child.stop(STOP_GRACE_MS)
    throw error
  } finally {
    stopping.abort()
  }
}

/** How this machine reaches what listens on `address`. */
export function localUrl(address: string, port: number): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
      await answer.body?.cancel()
      if (answer.ok) return
    } catch {
      // Not listening yet.
    }
    await sleep(POLL_MS, signal)
  }
}
