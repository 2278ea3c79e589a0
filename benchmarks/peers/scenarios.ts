// What is measured, as data. Pure.
import type { ArmName } from './arms/arm.ts'
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
  /** Over HTTP/2; no arm is asked yet. */
  | { kind: 'grpc'; streaming: boolean }

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
  pair('grpc-unary', 'pair, gRPC unary', { kind: 'grpc', streaming: false }),
  pair('grpc-stream', 'pair, gRPC server streaming', { kind: 'grpc', streaming: true }),
]

/** Why a scenario cannot be measured with anyone, a sentence; null: it can. */
export function notYet({ load }: Scenario): string | null {
  return load.kind === 'grpc' ? 'Not yet: no arm is asked over HTTP/2.' : null
}

/** Those of `arms` that a scenario asks: no proxy at all is of interest where latency is judged. */
export const armsIn = ({ shape, blocks }: Scenario, arms: readonly ArmName[]): ArmName[] =>
  arms.filter((arm) => arm !== 'direct' || (shape === 'pair' && blocks === JUDGED))

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

/** What a run costs beside its own seconds: the generator's start and end. */
const RUN_OVERHEAD_S = 0.2
/** Bringing up all arms and warming them up: Heddle's brings a database, the others next to nothing. */
const OPEN_S = 30
/** One more proxy, and the load before its memory is read. */
const PROXY_S = 1.5

/** About how long a bench takes, in seconds. */
export function estimateSeconds({ scenarios, seconds, blocks, arms, proxies }: Extent): number {
  const timed = scenarios.filter((scenario) => notYet(scenario) === null)
  const runsOf = (scenario: Scenario): number => {
    const rounds = 2 * (blocks ?? scenario.blocks)
    // Each arm once more to get warm, and our own twice more as itself and as another.
    return (rounds + 1) * armsIn(scenario, arms).length + (NOISE_SCENARIOS.includes(scenario.name) ? 2 * rounds : 0)
  }
  const runs = timed.reduce((sum, scenario) => sum + runsOf(scenario), 0)
  return OPEN_S + runs * (seconds + RUN_OVERHEAD_S) + arms.length * proxies * PROXY_S
}
