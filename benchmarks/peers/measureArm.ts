// What one arm's proxies take of the machine: memory, alone and as many, and the time to their first answer.
import type { Memory } from './accounting.ts'
import { readMemory } from './accounting.ts'
import { measureRun } from './measureRun.ts'
import { PATHS } from './paths.ts'
import type { ArmResult } from './results.ts'
import { armsIn, goesItsOwnWay, type Scenario, WARMING_S } from './scenarios.ts'
import { memoryOfProxy, type StandingArm } from './standing.ts'

/** What each proxy carries before its memory is read, and before anything is measured. */
const LOAD: Pick<Scenario, 'shape' | 'load'> = {
  shape: 'pair',
  load: { kind: 'closed', connections: 64, path: PATHS.small, method: 'GET', bodyBytes: 0 },
}
/** By then JavaScript is compiled for what it does most: after 30,000 a part of the path still runs unoptimised. */
const WARM_REQUESTS = 100_000
const MOST_WARMING_RUNS = 15
/** Small requests come last: what bodies and gRPC taught the compiler undoes some of what it knew, until it knows both. */
export async function warm(standing: StandingArm, scenarios: readonly Scenario[], signal: AbortSignal): Promise<void> {
  for (const scenario of scenarios.filter(goesItsOwnWay))
    if (armsIn(scenario, [standing.arm.name]).length > 0) await measureRun(standing, scenario, WARMING_S, signal)
  for (let requests = 0, runs = 0; requests < WARM_REQUESTS && runs < MOST_WARMING_RUNS; runs++)
    requests += (await measureRun(standing, LOAD, 1, signal)).sample.requests
}

/** `proxies`: how many client sides in the end; 0: only what is known already. The further ones are ended again. */
export async function measureArm(standing: StandingArm, proxies: number, signal: AbortSignal): Promise<ArmResult> {
  const { arm, open, server, client, idle } = standing
  const name = arm.name
  const result: ArmResult = {
    arm: name,
    version: open.version,
    startMs: [],
    idle,
    loaded: null,
    many: null,
    supervisor: null,
  }
  if (client.pids().length === 0) return result
  result.startMs.push(client.startMs)
  if (proxies === 0) return result
  const load = (loaded: StandingArm) => measureRun(loaded, LOAD, 1, signal)
  await load(standing)
  result.loaded = memoryOfProxy(client)
  await using more = new AsyncDisposableStack()
  const all = [client]
  while (all.length < proxies) {
    const another = more.use(await open.startClient(server, 'http'))
    all.push(another)
    result.startMs.push(another.startMs)
    await load({ ...standing, client: another })
  }
  result.many = { ...meanOf(all.map((proxy) => readMemory(proxy.pids()))), proxies: all.length }
  const supervisors = all.flatMap((proxy) => proxy.supervisors())
  if (supervisors.length > 0) result.supervisor = meanOf(supervisors.map((pid) => readMemory([pid])))
  return result
}

function meanOf(memories: readonly Memory[]): Memory {
  const mean = (of: (memory: Memory) => number): number =>
    memories.reduce((sum, memory) => sum + of(memory), 0) / memories.length
  return { rssMb: mean(({ rssMb }) => rssMb), pssMb: mean(({ pssMb }) => pssMb) }
}
