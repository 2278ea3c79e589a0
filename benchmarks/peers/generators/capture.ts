// A program run to its end for what it prints.
import { spawn } from 'node:child_process'

/** Its standard output. Rejects where it fails, takes longer than `mostMs`, or `signal` aborts; it is ended then. */
export function capture(command: readonly string[], mostMs: number, signal: AbortSignal, input = ''): Promise<string> {
  const [program = '', ...args] = command
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(mostMs)]),
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  child.once('error', reject)
  child.once('close', (code) => {
    if (code === 0) resolve(stdout)
    else reject(new Error(`${command.join(' ')} ended with ${code}\n${stderr}${stdout}`))
  })
  return promise
}
