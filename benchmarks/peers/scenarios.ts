// What is measured, as data. Pure.
import type { ArmName } from './arms/arm.ts'
import { GRPC_PATHS, STREAMED_MESSAGES } from './grpcMessages.ts'
import { PATHS } from './paths.ts'

/** Which proxies stand between the generator and the backend: both sides of the mesh, one alone, or the server side. */
export type Shape = 'pair' | 'hop' | 'server'

export type Load =
  /** Each connection sends its next request as soon as it has its answer. */
  | { kind: 'closed'; connections: number; path: string; method: 'GET' | 'POST'; bodyBytes: number }
  /** Requests are due at a fixed rate. */
  | { kind: 'open'; connections: number; path: string; perSecond: number }
  /** A new connection with a full mTLS handshake for each request. */
  | { kind: 'handshakes'; lanes: number; path: string }
  /**
   * Calls of gRPC, so many at a time on each connection; each is answered with so many messages. `calls`: for each second
   * that a run is to take, about what the slowest of all does on one core of 2026.
   */
  | { kind: 'grpc'; connections: number; streams: number; path: string; messages: number; calls: number }

export interface Scenario {
  name: string
  title: string
  shape: Shape
  load: Load
  /** Blocks of a full run: six give an interval of 97 %, three only one of 75 %. */
  blocks: number
  /** Whether `--quick` runs it too. */
  isQuick: boolean
}

const JUDGED = 6
const SHOWN = 3
/** What only tells how gRPC compares, so that a whole run stays within twenty minutes. */
const BRIEF = 2

const closed = (connections: number, path: string = PATHS.small): Load => ({
  kind: 'closed',
  connections,
  path,
  method: 'GET',
  bodyBytes: 0,
})
const open = (perSecond: number): Load => ({ kind: 'open', connections: 32, path: PATHS.small, perSecond })
const pair = (name: string, title: string, load: Load, blocks = SHOWN, isQuick = false): Scenario => ({
  name,
  title,
  shape: 'pair',
  load,
  blocks,
  isQuick,
})

export const SCENARIOS: readonly Scenario[] = [
  pair('pair-1', 'pair, 1 connection, 1 KB', closed(1), JUDGED),
  pair('pair-8', 'pair, 8 connections, 1 KB', closed(8)),
  pair('pair-64', 'pair, 64 connections, 1 KB', closed(64), JUDGED, true),
  pair('pair-256', 'pair, 256 connections, 1 KB', closed(256)),
  { ...pair('hop-64', 'one proxy without TLS, 64 connections, 1 KB', closed(64)), shape: 'hop' },
  pair('large-64', 'pair, 64 connections, 64 KB', closed(64, PATHS.large)),
  pair('stream-8', 'pair, 8 connections, 1 MB', closed(8, PATHS.huge)),
  pair('post-64', 'pair, 64 connections, POST of 4 KB', {
    kind: 'closed',
    connections: 64,
    path: PATHS.small,
    method: 'POST',
    bodyBytes: 4_096,
  }),
  pair('open-1000', 'pair, open loop, 1,000 requests/s on 32 connections', open(1_000), JUDGED, true),
  pair('open-5000', 'pair, open loop, 5,000 requests/s on 32 connections', open(5_000), JUDGED),
  {
    name: 'handshakes',
    title: 'server side, a full mTLS handshake and one request for each connection',
    shape: 'server',
    load: { kind: 'handshakes', lanes: 8, path: PATHS.small },
    blocks: SHOWN,
    isQuick: true,
  },
  pair(
    'grpc-unary',
    'pair, gRPC unary, 16 calls at a time on each of 4 connections, 1 KB',
    {
      kind: 'grpc',
      connections: 4,
      streams: 16,
      path: GRPC_PATHS.unary,
      messages: 1,
      calls: 5_000,
    },
    BRIEF,
  ),
  pair(
    'grpc-stream',
    'pair, gRPC server streaming, 100 messages of 1 KB, 2 calls at a time on each of 4 connections',
    {
      kind: 'grpc',
      connections: 4,
      streams: 2,
      path: GRPC_PATHS.streaming,
      messages: STREAMED_MESSAGES,
      calls: 1_000,
    },
    BRIEF,
  ),
]

/** Programs that only some scenarios need. */
export interface Programs {
  h2load: boolean
}

/** Why a scenario cannot be measured with anyone here, a sentence; null: it can. */
export function notHere({ load }: Scenario, programs: Programs): string | null {
  return load.kind === 'grpc' && !programs.h2load
    ? 'h2load is not on this machine (Debian package: nghttp2-client).'
    : null
}

/** Those that speak HTTP/2 to the application; `http-proxy-3` does not. */
export const GRPC_ARMS: readonly ArmName[] = ['heddle', 'nginx', 'haproxy', 'envoy']

/** Those of `arms` that a scenario asks: no proxy at all is of interest where latency is judged. */
export const armsIn = ({ shape, load, blocks }: Scenario, arms: readonly ArmName[]): ArmName[] =>
  arms.filter((arm) =>
    load.kind === 'grpc' ? GRPC_ARMS.includes(arm) : arm !== 'direct' || (shape === 'pair' && blocks === JUDGED),
  )

/** The scenarios in which an arm is also measured against itself, for the noise floor. */
export const NOISE_SCENARIOS: readonly string[] = ['pair-64', 'open-1000']

/** Proxies of an arm on the machine when memory is measured for many. */
export const MANY_PROXIES = 10

export interface Extent {
  scenarios: readonly Scenario[]
  /** Of each run. */
  seconds: number
  /** null: as many as each scenario says. */
  blocks: number | null
  arms: readonly ArmName[]
  proxies: number
}

/** Bodies and messages of gRPC are code of their own, cold after any number of requests without. */
export const goesItsOwnWay = ({ load }: Scenario): boolean =>
  load.kind === 'grpc' || (load.kind === 'closed' && (load.path !== PATHS.small || load.bodyBytes > 0))

/** Of each of those: 20,000 requests of those with 4 KB. */
export const WARMING_S = 5

/** What a run costs beside its own seconds: the generator's start and end. */
const RUN_OVERHEAD_S = 0.2
/** Bringing up all arms and warming them up: Heddle's brings a database, the others next to nothing. */
const OPEN_S = 90
/** One more proxy, and the load before its memory is read. */
const PROXY_S = 1.5

/** About how long a bench takes, in seconds. */
export function estimateSeconds({ scenarios, seconds, blocks, arms, proxies }: Extent): number {
  const runsOf = (scenario: Scenario): number => {
    const rounds = 2 * (blocks ?? scenario.blocks)
    // Each arm once more to get warm, and our own twice more as itself and as another.
    return (rounds + 1) * armsIn(scenario, arms).length + (NOISE_SCENARIOS.includes(scenario.name) ? 2 * rounds : 0)
  }
  const runs = scenarios.reduce((sum, scenario) => sum + runsOf(scenario), 0)
  const warming = scenarios.filter(goesItsOwnWay).reduce((sum, scenario) => sum + armsIn(scenario, arms).length, 0)
  return (
    OPEN_S +
    warming * (WARMING_S + RUN_OVERHEAD_S) +
    runs * (seconds + RUN_OVERHEAD_S) +
    arms.length * proxies * PROXY_S
  )
}
