// `npm run bench`: Heddle's proxies beside nginx, HAProxy, Envoy and http-proxy-3, doing the same on the same machine. What
// is measured is in scenarios.ts, what it is held against in targets.ts, how it reads in table.ts, why in
// docs/benchmarks.md.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureConsole } from '../../scripts/build.mjs'
import { machineOf } from '../console/measures.ts'
import type { Arm } from './arms/arm.ts'
import { ARMS } from './arms/arms.ts'
import { heddle } from './arms/heddle.ts'
import { startBackend, startGrpcBackend } from './backend.ts'
import { missingOfMachine, pinOurselves } from './machine.ts'
import { measureArm, warm } from './measureArm.ts'
import { measureScenario } from './measureScenario.ts'
import { onPath } from './onPath.ts'
import { type BenchOptions, readOptions, USAGE } from './options.ts'
import { profilePair } from './profile/profilePair.ts'
import { withPart } from './readme.ts'
import type { ArmResult, Results, ScenarioResult } from './results.ts'
import { estimateSeconds, notHere, type Scenario } from './scenarios.ts'
import { type StandingArm, stand } from './standing.ts'
import { pageOf, readmePartOf } from './table.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const say = (line: string): void => void process.stderr.write(`${line}\n`)
/** Of the last minute. */
const load = (): number => loadavg()[0] ?? Number.NaN

/** Backends and arms, standing and warm for what is to be measured; `owner` ends them. */
async function bringUp(
  arms: readonly Arm[],
  scenarios: readonly Scenario[],
  owner: AsyncDisposableStack,
  signal: AbortSignal,
) {
  await ensureConsole()
  const cores = pinOurselves()
  const directory = mkdtempSync(join(tmpdir(), 'heddle-bench-'))
  owner.defer(() => rmSync(directory, { recursive: true, force: true }))
  const backend = owner.use(await startBackend(join(directory, 'backend')))
  const grpcBackend = owner.use(await startGrpcBackend(join(directory, 'grpc-backend')))
  const bed = { directory, cores, backendPort: backend.port, grpcPort: grpcBackend.port }
  const withGrpc = scenarios.some(({ load: { kind } }) => kind === 'grpc')
  const standing: StandingArm[] = []
  for (const arm of arms) {
    signal.throwIfAborted()
    say(`${arm.name} starts …`)
    standing.push(await stand(arm, bed, owner, withGrpc))
  }
  say('warming up …')
  for (const arm of standing) await warm(arm, scenarios, signal)
  return { cores, backend, standing }
}

async function measure(options: BenchOptions, signal: AbortSignal): Promise<Results> {
  const loadBefore = load()
  const asked = ARMS.filter(({ name }) => options.arms.includes(name))
  const missing = asked.flatMap(({ name, missing: reason }) => {
    const why = reason()
    return why === null ? [] : [{ arm: name, why }]
  })
  for (const { why } of missing) say(why)
  const present = asked.filter(({ name }) => missing.every(({ arm }) => arm !== name))
  const names = present.map(({ name }) => name)
  const programs = { h2load: onPath('h2load') !== null }
  const planned = options.scenarios.filter((scenario) => notHere(scenario, programs) === null)
  const minutes = Math.ceil(estimateSeconds({ ...options, scenarios: planned, arms: names }) / 60)
  say(`${names.join(', ')}: about ${minutes} minutes`)

  await using owner = new AsyncDisposableStack()
  const { cores, backend, standing } = await bringUp(present, planned, owner, signal)
  const scenarios: ScenarioResult[] = []
  for (const scenario of planned) {
    say(`${scenario.title} …`)
    const blocks = options.blocks ?? scenario.blocks
    scenarios.push(await measureScenario(standing, scenario, { seconds: options.seconds, blocks, signal }))
  }
  const arms: ArmResult[] = []
  for (const arm of standing) {
    say(`memory and start-up of ${arm.arm.name} …`)
    arms.push(await measureArm(arm, options.proxies, signal))
  }
  return {
    at: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    cpus: cpus().length,
    cpuModel: cpus()[0]?.model ?? 'unknown',
    kernel: release(),
    node: process.versions.node,
    machine: machineOf(loadBefore),
    loadBefore,
    loadAfter: load(),
    backend: backend.program,
    isPinned: cores !== null,
    seconds: options.seconds,
    arms,
    missing,
    scenarios,
    notYet: options.scenarios.flatMap((scenario) => {
      const why = notHere(scenario, programs)
      return why === null ? [] : [{ title: scenario.title, why }]
    }),
  }
}

async function profile(signal: AbortSignal): Promise<string> {
  await using owner = new AsyncDisposableStack()
  const { standing } = await bringUp([heddle], [], owner, signal)
  const [ours] = standing
  return ours === undefined ? '' : await profilePair(ours, signal)
}

function keep(results: Results): void {
  const folder = path('../results/')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'peers.json'), `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(join(folder, 'peers.md'), pageOf(results))
  const readme = path('../../README.md')
  writeFileSync(readme, withPart(readFileSync(readme, 'utf8'), readmePartOf(results)))
  say('The results are in benchmarks/results, and in the README.')
}

/** The exit code. */
async function bench(options: BenchOptions): Promise<number> {
  const lacking = missingOfMachine()
  if (lacking.length > 0) {
    say(lacking.join('\n'))
    return 1
  }
  const broken = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (!broken.signal.aborted) say('ending what was started …')
      broken.abort(new Error(`broken off by ${name}`))
    })
  if (options.isProfile) {
    process.stdout.write(await profile(broken.signal))
    return 0
  }
  const results = await measure(options, broken.signal)
  process.stdout.write(pageOf(results))
  if (options.isWhole) keep(results)
  else say('That was a part of the bench: no result was written.')
  return 0
}

const options = readOptions(process.argv.slice(2))
if ('mistake' in options) {
  say(`${options.mistake}\n${USAGE}`)
  process.exitCode = 64
} else
  process.exitCode = await bench(options).catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  })
