// A Node program of Heddle as a child process: started on the pinned Node, its output in a log file, ready when it says
// so over IPC. When this process dies, however, the channel closes and the child ends by itself.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { AdviceError } from '../terminal/advice.ts'
import { describeExit, type Exit } from '../terminal/exitCodes.ts'
import { keepRotated } from './logFile.ts'
import { PROGRAMS } from './programs.ts'

export interface ChildOptions {
  /** As messages name it. */
  name: string
  /** A TypeScript or JavaScript file, after Node's own options, before its arguments. */
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  cwd?: string
  /** Appended to, and rotated while the child lives; made 0600. */
  logFile: string
  /** Every IPC message of the child; nothing is trusted for coming from our own child. */
  onMessage?: (message: unknown, child: Child) => void
}

export interface Child {
  readonly pid: number
  readonly exited: Promise<Exit>
  /** Ignored once the channel is gone. */
  send(message: object): void
  signal(signal: NodeJS.Signals): void
  /** SIGTERM, and SIGKILL after `graceMs`; resolves when it has ended. */
  stop(graceMs: number): Promise<Exit>
}

export function spawnChild({ name, args, env, cwd, logFile, onMessage }: ChildOptions): Promise<Child> {
  const rotation = keepRotated(logFile)
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(process.execPath, ['--require', PROGRAMS.keepCompiled, ...args], {
    env: { ...env },
    stdio: ['ignore', log, log, 'ipc'],
    // A process group of its own: the terminal's Ctrl-C reaches us alone, and the order of ending is ours.
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
  })
  closeSync(log)
  child.once('exit', () => rotation[Symbol.dispose]())
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      rotation[Symbol.dispose]()
      reject(new AdviceError(`${name} could not be started: ${error.message}`, { cause: error }))
    })
    child.once('spawn', () => {
      const handle = handleOf(child)
      if (onMessage !== undefined) child.on('message', (message) => onMessage(message, handle))
      // Without a listener a failed send would end this process.
      child.on('error', () => {})
      resolve(handle)
    })
  })
}

function handleOf(child: ChildProcess): Child {
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  return {
    pid: child.pid ?? 0,
    exited,
    send: (message) => {
      if (child.connected) child.send(message, () => {})
    },
    signal: (signal) => {
      child.kill(signal)
    },
    async stop(graceMs) {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      try {
        return await exited
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/**
 * Waits for `ready` of a child. Throws advice if the child ends first or the signal aborts; the child goes on then.
 */
export async function whenReady<T>(
  { name, logFile }: Pick<ChildOptions, 'name' | 'logFile'>,
  child: Child,
  ready: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const ended = child.exited.then((exit): never => {
    throw new AdviceError(`${name} ended before it was ready (${describeExit(exit)}).`, {
      advice: `Its last words are in ${logFile}.`,
    })
  })
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  ended.catch(() => {})
  aborted.catch(() => {})
  signal?.throwIfAborted()
  return Promise.race([ready, ended, aborted])
}
