// The life of `heddle run`: proxy, then CMD; at the end drain, then CMD, then the proxy, then CMD's exit code.
// What a proxy and a command are is handed in, so that the order can be tested with small processes.
import type { Clock } from '@heddle/shared/clock'
import { type Supervised, supervise } from '../supervise/supervisor.ts'
import { type Exit, exitCodeOf } from '../terminal/exitCodes.ts'
import type { Command } from './command.ts'
import type { ProxyReady } from './proxyMessages.ts'
import type { ProxyProcess } from './proxyProcess.ts'

/** Callers stop within 2 s and requests in flight end; one that never ends must not keep us for ever. */
const DRAIN_MS = 30_000

export interface RunParts {
  /** `again`: what it was, to be that again. */
  startProxy: (again: ProxyReady | undefined, signal: AbortSignal) => Promise<ProxyProcess>
  startCommand: (ready: ProxyReady) => Promise<Command>
  /** Called at each request to end; the second one in earnest forces it. */
  onEnd: (callback: (signal: NodeJS.Signals) => void) => void
  note: (line: string) => void
  clock: Clock
  random: () => number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** The exit code. Throws what the first start of the proxy or CMD throws; nothing is left running then. */
export async function runBeside(parts: RunParts): Promise<number> {
  const { startProxy, startCommand, onEnd, note, clock, random, sleep } = parts
  const asked = Promise.withResolvers<NodeJS.Signals>()
  const forced = new AbortController()
  const starting = new AbortController()
  let command: Command | undefined
  let isAsked = false
  onEnd((signal) => {
    if (isAsked) {
      forced.abort()
      command?.signal('SIGKILL')
    }
    isAsked = true
    asked.resolve(signal)
    starting.abort()
  })

  let identity: ProxyReady | undefined
  let proxy: Supervised<ProxyProcess>
  try {
    const start = async (signal: AbortSignal): Promise<ProxyProcess> => {
      const started = await startProxy(
        identity,
        identity === undefined ? AbortSignal.any([signal, starting.signal]) : signal,
      )
      identity ??= started.ready
      if (command !== undefined) started.setCommand(command.pid)
      return started
    }
    proxy = await supervise({ name: 'the proxy', start, note, clock, random, sleep })
  } catch (error) {
    if (isAsked) return exitCodeOf({ code: null, signal: await asked.promise })
    throw error
  }

  try {
    if (isAsked) return exitCodeOf({ code: null, signal: await asked.promise })
    command = await startCommand(proxy.current.ready)
    proxy.current.setCommand(command.pid)
    const exit = await endOf(command, proxy, asked.promise, forced.signal, parts)
    // What CMD left behind in its group has no proxy any more.
    command.signal('SIGTERM')
    return exitCodeOf(exit)
  } finally {
    await proxy.stop()
  }
}

async function endOf(
  command: Command,
  proxy: Supervised<ProxyProcess>,
  asked: Promise<NodeJS.Signals>,
  forced: AbortSignal,
  { note, sleep }: RunParts,
): Promise<Exit> {
  const signal = await Promise.race([asked, command.exited.then(() => undefined)])
  if (signal !== undefined)
    note(`draining: callers are told, requests in flight end, then ${signal} goes to the command`)
  const isDrained = new AbortController()
  await Promise.race([proxy.current.drain(), sleep(DRAIN_MS, AbortSignal.any([isDrained.signal, forced]))])
  isDrained.abort()
  if (signal !== undefined) command.signal(forced.aborted ? 'SIGKILL' : signal)
  return command.exited
}
