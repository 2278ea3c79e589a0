// One run: load on one arm, and the processor time that its proxies spent on it.
import { cpuMicros } from './accounting.ts'
import { HOST, ROUTE_HEADER, SERVER_NAME } from './arms/arm.ts'
import type { Generated } from './generators/generator.ts'
import { h2load } from './generators/h2load.ts'
import { handshakes, openLoop } from './generators/ownPrograms.ts'
import { wrk } from './generators/wrk.ts'
import { GRPC_HOST, MESSAGE, QUESTION } from './grpcMessages.ts'
import type { Sample } from './results.ts'
import type { Load, Scenario } from './scenarios.ts'
import { entryOf, type StandingArm } from './standing.ts'

/** With every single latency, where the generator keeps them. */
export interface Run {
  sample: Omit<Sample, 'block'>
  latencies: readonly number[]
}

/** One that shakes hands for 256 connections on a busy machine may have answered nothing by the end of its first run. */
const MOST_SILENT_RUNS = 3

export async function measureRun(
  standing: StandingArm,
  scenario: Pick<Scenario, 'shape' | 'load'>,
  seconds: number,
  signal: AbortSignal,
): Promise<Run> {
  for (let silent = 0; silent < MOST_SILENT_RUNS; silent++) {
    const run = await tryRun(standing, scenario, seconds, signal)
    if (run.sample.requests > 0) return run
  }
  throw new Error(`${standing.arm.name} answered nothing in ${MOST_SILENT_RUNS} runs of ${seconds} s`)
}

async function tryRun(
  standing: StandingArm,
  { shape, load }: Pick<Scenario, 'shape' | 'load'>,
  seconds: number,
  signal: AbortSignal,
): Promise<Run> {
  const { port, pids } = entryOf(standing, { shape, load })
  const companions = standing.open.companions()
  const before = { proxies: cpuMicros(pids), companions: cpuMicros(companions) }
  const { latencies, ...seen } = await generate(standing, port, load, seconds, signal)
  return {
    sample: {
      arm: standing.arm.name,
      requests: seen.requests,
      errors: seen.errors,
      seconds: seen.seconds,
      cpuMicrosPerRequest: (cpuMicros(pids) - before.proxies) / seen.requests,
      // One that ended meanwhile takes its time with it.
      companionMicrosPerSecond: Math.max(0, cpuMicros(companions) - before.companions) / seen.seconds,
      latency: seen.latency,
      lateness: seen.lateness,
    },
    latencies,
  }
}

function generate(
  { open }: StandingArm,
  port: number,
  load: Load,
  seconds: number,
  signal: AbortSignal,
): Promise<Generated> {
  const routed = { [ROUTE_HEADER.name]: ROUTE_HEADER.value }
  const target = { port, path: load.path, headers: { Host: HOST, ...routed } }
  switch (load.kind) {
    case 'closed':
      return wrk(target, load, seconds, signal)
    case 'open':
      return openLoop({ ...target, perSecond: load.perSecond, connections: load.connections, seconds }, signal)
    case 'grpc': {
      const { connections, streams, messages } = load
      const calls = load.calls * seconds
      const headers = { ':authority': GRPC_HOST, 'content-type': 'application/grpc', te: 'trailers', ...routed }
      const answerBytes = messages * MESSAGE.length
      return h2load(
        { ...target, headers },
        { connections, streams, calls, body: QUESTION, answerBytes },
        seconds,
        signal,
      )
    }
    case 'handshakes': {
      const credentials = open.callerCredentials()
      if (credentials === null) throw new Error('no caller has joined whose certificate could be shown')
      return handshakes({ ...target, credentials, serverName: SERVER_NAME, lanes: load.lanes, seconds }, signal)
    }
  }
}
