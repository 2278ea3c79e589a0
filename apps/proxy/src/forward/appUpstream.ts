// The application beside this proxy, in clear over loopback.
import type { Clock } from '@heddle/shared/clock'
import { dialApp } from './dial.ts'
import { Pool } from './pool.ts'

/** Shorter than the idle time of any server we know that names none (Node's 5 s names itself). */
const IDLE_MS = 4_000

export function appPool(port: number, clock: Clock): Pool {
  const dial = async () => ({ socket: await dialApp(port), peer: null, endAtMs: Number.POSITIVE_INFINITY })
  return new Pool(dial, { to: 'app', idleMs: IDLE_MS }, clock)
}
