// A worker's process. Node's cluster gives all of them the same ports: the primary accepts, and hands connections to them
// in turn. The kernel's own way, all of them accepting from one queue, gives most to whoever is awake; connections of a
// mesh are few and live long, so that this would hold for hours.
import cluster from 'node:cluster'
import { extname, join } from 'node:path'
import type { ToWorker } from './messages.ts'
import { closeUntaken } from './untaken.ts'

export interface WorkerProcess {
  readonly pid: number
  /** How it ended, in words; after its last message. */
  readonly ended: Promise<string>
  /** Ignored once it is gone. */
  send(message: ToWorker): void
  kill(): void
  /** It ends by itself then. */
  disconnect(): void
}

/** Beside this module, in the clone as in the bundle of `npm run dist`. */
const PROGRAM = join(import.meta.dirname, `worker${extname(import.meta.filename)}`)

/** `onMessage` gets whatever it says. Throws where the system has no room for another process. */
export function forkWorker(onMessage: (value: unknown) => void): WorkerProcess {
  cluster.schedulingPolicy = cluster.SCHED_RR
  cluster.setupPrimary({ exec: PROGRAM, args: [] })
  // What only the first of our processes needs, it alone has.
  const worker = cluster.fork({ HEDDLE_JOIN_TOKEN: undefined })
  const child = worker.process
  closeUntaken(child)
  // Without a listener a failed send would end this process.
  worker.on('error', () => {})
  child.on('message', onMessage)
  const ended = new Promise<string>((resolve) => {
    let how = ''
    child.on('error', ({ message }) => {
      if (child.pid === undefined) resolve(message)
    })
    child.once('exit', (code, signal) => {
      how = signal ?? `exit code ${code}`
      // What it had still to say comes before the end of the pipe.
      if (!child.connected) resolve(how)
    })
    child.once('disconnect', () => {
      if (how !== '') resolve(how)
    })
  })
  return {
    pid: child.pid ?? 0,
    ended,
    send: (message) => {
      if (child.connected) child.send(message, () => {})
    },
    kill: () => void child.kill('SIGKILL'),
    disconnect: () => {
      if (child.connected) child.disconnect()
    },
  }
}
