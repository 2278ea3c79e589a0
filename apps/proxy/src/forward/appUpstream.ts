// The application beside this proxy, in clear over loopback.
import type { Clock } from '@heddle/shared/clock'
import { dialTcp } from './dial.ts'
import { Pool } from './pool.ts'

/** Shorter than the idle time of any server we know that names none (Node's 5 s names itself). */
const IDLE_MS = 4_000

export function appPool(port: number, clock: Clock): Pool {
  // Many development servers listen on "localhost", which is ::1 alone on some systems.
  const dial = async () => {
    const socket = await dialTcp('127.0.0.1', port).catch((error: unknown) =>
      dialTcp('::1', port).catch(() => Promise.reject(error)),
    )
    return { socket, peer: null, endAtMs: Number.POSITIVE_INFINITY }
  }
  return new Pool(dial, { to: 'app', idleMs: IDLE_MS }, clock)
}
