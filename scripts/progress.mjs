// Long steps that show they are alive: one line at the start, one each ten seconds, one at the end, all on stderr.
import { spawn } from 'node:child_process'

const EVERY_MS = 10_000
/** How much of a quiet step's output is kept, to be shown should it fail. */
const KEPT_BYTES = 64 * 1024

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`

/** Runs `step` between progress lines and passes its result on. */
export async function withProgress(what, step) {
  const started = performance.now()
  process.stderr.write(`${what} …\n`)
  const timer = setInterval(() => process.stderr.write(`${what} … ${seconds(started)}\n`), EVERY_MS)
  try {
    const result = await step()
    process.stderr.write(`${what}: done in ${seconds(started)}\n`)
    return result
  } finally {
    clearInterval(timer)
  }
}

/**
 * Runs a command without showing its output, unless it fails: then all of it goes to stderr and an error is thrown.
 * A signal to this process ends the command too, since a terminal sends it to both and we outlive neither.
 */
export function runQuietly(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    const end = (signal) => {
      child.kill(signal)
      process.exitCode = signal === 'SIGINT' ? 130 : 143
    }
    const signals = ['SIGINT', 'SIGTERM']
    for (const signal of signals) process.on(signal, end)
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-KEPT_BYTES)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const settle = (error) => {
      for (const signal of signals) process.off(signal, end)
      if (error === undefined) return resolve()
      process.stderr.write(output)
      reject(error)
    }
    child.on('error', (error) => settle(new Error(`${command} could not be started: ${error.message}`)))
    child.on('close', (code, signal) =>
      settle(
        code === 0
          ? undefined
          : new Error(`${[command, ...args].join(' ')} ended with ${signal || `exit code ${code}`}`),
      ),
    )
  })
}
