// The application beside this proxy, in clear over loopback.
import type { Clock } from '@heddle/shared/clock'
import { MESH_LIMITS } from '../http2/limits.ts'
import type { BufferBudget } from '../transport/bufferBudget.ts'
import { dialApp } from './dial.ts'
import { Http2Pool } from './http2Pool.ts'
import { Pool } from './pool.ts'

/** Shorter than the idle time of any server we know that names none (Node's 5 s names itself). */
const IDLE_MS = 4_000
/** Servers of gRPC keep idle connections for minutes (Go and Java: for ever); one that ends first says so by GOAWAY. */
const HTTP2_IDLE_MS = 60_000

const dial = async (port: number) => ({
  socket: await dialApp(port),
  peer: null,
  endAtMs: Number.POSITIVE_INFINITY,
})

export function appPool(port: number, clock: Clock): Pool {
  return new Pool(() => dial(port), { to: 'app', idleMs: IDLE_MS }, clock)
}

/** With prior knowledge (RFC 9113, 3.3): its service is declared to speak gRPC. */
export function appHttp2Pool(port: number, clock: Clock, budget: BufferBudget): Http2Pool {
  return new Http2Pool({
    dial: async () => ({ ...(await dial(port)), protocol: 'h2' }),
    // It may be stopped by a debugger: nothing is done about one that is silent.
    options: { to: 'app', limits: MESH_LIMITS, care: { idleMs: HTTP2_IDLE_MS, ping: null } },
    budget,
    clock,
  })
}
