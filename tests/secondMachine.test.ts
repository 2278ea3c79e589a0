// A second machine, as the guide has it: Heddle is installed there from the package file, joins by the control plane's
// address and a token, calls and is called over its own address. Each machine is a network namespace with its own loopback,
// and nothing but one cable between them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { statusOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandOptions, type Finished, repository, start } from './harness/command.ts'
import { meshEnvironment } from './harness/environment.ts'
import { canMakeMachines, connectMachines, type Machines } from './harness/machines.ts'

const CONTROL_PORT = 4000
/** Draining, then each part's own grace. */
const UP_GRACE_MS = 50_000
const PORTS = { web: 8080, inventory: 8081 } as const
const answerer = join(repository, 'tests', 'harness', 'app.ts')

let machines: Machines
let folder = ''
const stack = new AsyncDisposableStack()

const launchers = {
  /** The clone of Heddle on the machine where the mesh runs. */
  first: () => [process.execPath, join(repository, 'apps', 'cli', 'bin', 'heddle.mjs')],
  /** What npm installed on the other one. */
  second: () => [join(folder, 'second', 'node_modules', '.bin', 'heddle')],
}
type Machine = keyof typeof launchers

const homeOf = (machine: Machine) => join(folder, machine, 'home')

/** `heddle ARGS` on one of the machines, with a home of its own. */
function heddleOn(machine: Machine, args: string[], options: CommandOptions = {}) {
  const [command = '', ...rest] = machines.on(machine, [...launchers[machine](), ...args])
  const env = { ...meshEnvironment(process.env, homeOf(machine)), ...options.env }
  return start(command, rest, { cwd: folder, ...options, env })
}

async function ok(finished: Promise<Finished>): Promise<string> {
  const { code, stdout, stderr } = await finished
  if (code !== 0) throw new Error(`exited with ${code}\n${stdout}\n${stderr}`)
  return stdout
}

async function statusOf() {
  const { stdout } = await heddleOn('first', ['status', '-o', 'json']).finished
  return statusOutputSchema.safeParse(stdout === '' ? undefined : JSON.parse(stdout)).data
}

/** Runs the scripted application as a service until the test ends; resolves once it is ready. */
async function serve(machine: Machine, service: keyof typeof PORTS, args: string[]): Promise<void> {
  const port = `${PORTS[service]}`
  const running = heddleOn(machine, [
    ...['run', '--service', service, '--app-port', port, ...args],
    ...['--', process.execPath, answerer, port, service],
  ])
  stack.use(running)
  const exited = running.finished.then(({ code, stderr }) => {
    throw new Error(`heddle run ${service} exited with ${code}\n${stderr}`)
  })
  exited.catch(() => {})
  const isReady = async () =>
    (await statusOf())?.proxies.some((proxy) => proxy.service === service && proxy.ready) || undefined
  await Promise.race([exited, eventually(`${service} is ready`, isReady, 60_000)])
}

beforeAll(async () => {
  if (!canMakeMachines()) return
  folder = mkdtempSync(join(tmpdir(), 'heddle-machines-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  machines = stack.use(connectMachines())
  const dist = join(folder, 'dist')
  await ok(start(process.execPath, [join(repository, 'scripts', 'dist.mjs'), dist]).finished)
  const second = join(folder, 'second')
  const file = join(dist, 'heddle-0.1.0.tgz')
  // Of the network only this needs the registry: the Node that the package runs on.
  await ok(start('npm', ['install', '--no-audit', '--no-fund', '--prefix', second, file], { cwd: folder }).finished)
  const up = heddleOn('first', [
    ...['up', '--listen', machines.first, '--control-port', `${CONTROL_PORT}`],
    ...['--behind-tls', '--console-url', 'https://mesh.test'],
  ])
  stack.defer(async () => void (await up.stop('SIGTERM', UP_GRACE_MS)))
  await eventually('the mesh is up', async () => (await statusOf())?.database.ready || undefined, 240_000)
}, 400_000)
afterAll(() => stack.disposeAsync(), 90_000)

test.skipIf(!canMakeMachines())(
  'a machine that npm installed the package on joins, calls and is called',
  async () => {
    const control = `https://${machines.first}:${CONTROL_PORT}`
    await serve('first', 'web', ['--control', control])
    const token = (await ok(heddleOn('first', ['token', 'create', '--service', 'inventory']).finished)).trim()
    await serve('second', 'inventory', ['--control', control, '--token', token])

    const called = await ok(
      heddleOn('first', [
        'run',
        '--service',
        'probe',
        '--control',
        control,
        '--',
        'curl',
        '-sS',
        '--fail',
        'http://inventory/',
      ]).finished,
    )
    expect(JSON.parse(called)).toMatchObject({ name: 'inventory' })

    const probeToken = (await ok(heddleOn('first', ['token', 'create', '--service', 'probe']).finished)).trim()
    const calling = await ok(
      heddleOn('second', [
        ...['run', '--service', 'probe', '--control', control, '--token', probeToken],
        ...['--', 'curl', '-sS', '--fail', 'http://web/'],
      ]).finished,
    )
    expect(JSON.parse(calling)).toMatchObject({ name: 'web' })
  },
  180_000,
)

// What belongs to the machine of the mesh says so instead of failing for want of a file.
test.skipIf(!canMakeMachines())('what the package does not hold says where it is', async () => {
  for (const command of [['up'], ['ca', 'status'], ['control', 'new-epoch']]) {
    const { code, stderr } = await heddleOn('second', command).finished
    expect([command, code]).toEqual([command, 1])
    expect(stderr).toContain('clone of Heddle')
  }
  expect((await heddleOn('second', ['--version']).finished).stdout.trim()).toBe('0.1.0')
})
