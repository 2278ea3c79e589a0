// The postgres process: started, watched until it is ready, ended with its launcher.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { serverEnvironment } from './environment.ts'
import { explainFailure } from './failure.ts'

export interface ServerProcess {
  pid: number
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  stop(): Promise<void>
}

/** Recovery after a crash can take long with much data; it is logged, and not cut short before this. */
const START_DEADLINE_MS = 300_000
const FAST_SHUTDOWN_MS = 20_000

/** Ends the server when this process dies without ending it (kill -9): the kernel does that where setpriv can ask it. */
async function canAskKernel(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  return promisify(execFile)('setpriv', ['--pdeathsig', 'INT', 'true'])
    .then(() => true)
    .catch(() => false)
}

/** Elsewhere a shell waits on a pipe that only this process holds open: it closes when this process ends. */
function watchFromShell(pid: number, account: Account | null): ChildProcess {
  const watcher = spawn('/bin/sh', ['-c', `read -r _; kill -INT ${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    ...account,
  })
  watcher.on('error', () => {})
  watcher.unref()
  return watcher
}

export interface ServerOptions {
  binaries: Binaries
  data: string
  port: number
  account: Account | null
  settings: Readonly<Record<string, string>>
  log: (line: string) => void
}

/** After a kill -9 of the server its sessions need a moment to notice; until then the data counts as in use. */
const LEFTOVERS_MS = 10_000
const STILL_IN_USE = /pre-existing shared memory block|lock file "postmaster\.pid" already exists/

export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const deadline = performance.now() + LEFTOVERS_MS
  for (;;) {
    try {
      return await startOnce(options)
    } catch (error) {
      const words = error instanceof Error && error.cause instanceof Error ? error.cause.message : ''
      if (!STILL_IN_USE.test(words) || performance.now() > deadline) throw error
      await sleep(200)
    }
  }
}

async function startOnce(options: ServerOptions): Promise<ServerProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    // Loopback is enough, and a socket's path would have to be short and reachable for two accounts.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
  }
  const command = [
    options.binaries.postgres,
    '-D',
    options.data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const asksKernel = await canAskKernel()
  const [program = '', ...args] = asksKernel ? ['setpriv', '--pdeathsig', 'INT', ...command] : command
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: serverEnvironment(),
    cwd: '/',
    // A process group of its own: Ctrl-C reaches the launcher, which ends things in their order.
    detached: true,
    ...options.account,
  })
  const exit = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>()
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  const ready = Promise.withResolvers<void>()
  const tail: string[] = []

  child.once('error', (cause) => failed.reject(new Error('The embedded Postgres did not start.', { cause })))
  child.once('exit', (code, signal) => exit.resolve({ code, signal }))
  child.once('close', () => failed.reject(explainFailure('it ended at once.', tail.join('\n'))))
  createInterface({ input: child.stderr }).on('line', (line) => {
    options.log(line)
    tail.push(line)
    if (tail.length > 50) tail.shift()
    if (line.includes('database system is ready to accept connections')) ready.resolve()
  })

  const deadline = new AbortController()
  const tooSlow = sleep(START_DEADLINE_MS, undefined, { signal: deadline.signal }).then(() => {
    child.kill('SIGINT')
    throw new Error(`The embedded Postgres was not ready within ${START_DEADLINE_MS / 60_000} minutes.`)
  })
  tooSlow.catch(() => {})
  try {
    await Promise.race([ready.promise, failed.promise, tooSlow])
  } finally {
    deadline.abort()
  }

  const pid = child.pid ?? 0
  const watcher = asksKernel ? null : watchFromShell(pid, options.account)
  void exit.promise.then(() => watcher?.kill('SIGKILL'))
  return { pid, exited: exit.promise, stop: () => stop(child, exit.promise) }
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGINT')
    const giveUp = new AbortController()
    const late = sleep(FAST_SHUTDOWN_MS, 'late', { signal: giveUp.signal }).catch(() => 'ended')
    if ((await Promise.race([exited.then(() => 'ended'), late])) === 'late') child.kill('SIGQUIT')
    giveUp.abort()
  }
  await exited
}
