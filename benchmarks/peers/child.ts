// Processes that the bench starts: each has a log, an owner that ends it, and a reason where it dies by itself.
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

const GRACE_MS = 10_000
const LOG_TAIL = 2_000

export interface Child extends AsyncDisposable {
  readonly pid: number
  /** Rejects with the end of its log when the process ends before it was told to. */
  readonly died: Promise<never>
}

export function startChild(command: readonly string[], logFile: string, env = process.env): Child {
  const [program = '', ...args] = command
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(program, args, { stdio: ['ignore', log, log], env })
  closeSync(log)
  let isTold = false
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? code}`))
  })
  const died = exited.then((how): never => {
    if (isTold) throw new Error(`${program} was ended`)
    throw new Error(`${command.join(' ')}: ${how}\n${readFileSync(logFile, 'utf8').slice(-LOG_TAIL)}`)
  })
  died.catch(() => {})
  return {
    pid: child.pid ?? -1,
    died,
    [Symbol.asyncDispose]: async () => {
      isTold = true
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
      await exited
      clearTimeout(force)
    },
  }
}
