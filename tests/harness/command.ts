// Commands as a user types them: started, watched, ended by their process id, their output kept.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../..', import.meta.url))
const launcher = `${repository}/apps/cli/bin/heddle.mjs`

export interface Finished {
  code: number
  stdout: string
  stderr: string
}

export interface Running extends AsyncDisposable {
  readonly pid: number
  readonly finished: Promise<Finished>
  stdout(): string
  stderr(): string
  kill(signal: NodeJS.Signals): void
  /** Signals and waits. One that has not ended after `graceMs` is killed, and that is an error. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<Finished>
}

export interface CommandOptions {
  env?: NodeJS.ProcessEnv
  input?: string
  cwd?: string
}

export function start(command: string, args: string[], options: CommandOptions = {}): Running {
  const child: ChildProcess = spawn(command, args, {
    cwd: options.cwd ?? repository,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const signalled = signal === null ? 0 : 128
      resolve({ code: code ?? signalled, stdout, stderr })
    })
  })
  const stop = async (signal: NodeJS.Signals = 'SIGTERM', graceMs = 20_000): Promise<Finished> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    let isForced = false
    const force = setTimeout(() => {
      isForced = child.kill('SIGKILL')
    }, graceMs)
    try {
      const outcome = await finished
      if (isForced)
        throw new Error(
          `${[command, ...args].join(' ')} did not end within ${graceMs} ms of ${signal}\n${stdout}\n${stderr}`,
        )
      return outcome
    } finally {
      clearTimeout(force)
    }
  }
  return {
    pid: child.pid ?? -1,
    finished,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}

/** `heddle ARGS` through the launcher, on the Node that runs this test. */
export function heddle(args: string[], options: CommandOptions = {}): Running {
  return start(process.execPath, [launcher, ...args], options)
}
