import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import type { Exit } from '../terminal/exitCodes.ts'
import type { Command } from './command.ts'
import type { ProxyReady } from './proxyMessages.ts'
import type { ProxyProcess } from './proxyProcess.ts'
import { runBeside } from './runBeside.ts'

const READY: ProxyReady = {
  type: 'ready',
  instance: 'cart-v1-1-abcd',
  isNew: true,
  ports: { outbound: 4140, inbound: 4143, admin: 4191, public: null },
}

/** A proxy and a command whose every step is written down, and which end when the test says so. */
function stage() {
  const events: string[] = []
  const commandEnd = Promise.withResolvers<Exit>()
  const drained = Promise.withResolvers<void>()
  const commandStarted = Promise.withResolvers<void>()
  const proxyEnds: PromiseWithResolvers<Exit>[] = []
  let end: (signal: NodeJS.Signals) => void = () => {}
  const startProxy = async (again: ProxyReady | undefined): Promise<ProxyProcess> => {
    events.push(again === undefined ? 'proxy starts' : `proxy starts again as ${again.instance}`)
    const ended = Promise.withResolvers<Exit>()
    proxyEnds.push(ended)
    return {
      ready: READY,
      exited: ended.promise,
      drain: () => {
        events.push('drain')
        return Promise.race([drained.promise, ended.promise.then(() => {})])
      },
      setCommand: (pid) => events.push(`proxy knows ${pid}`),
      stop: async () => {
        events.push('proxy stops')
        ended.resolve({ code: 0, signal: null })
      },
    }
  }
  const startCommand = async (): Promise<Command> => {
    events.push('command starts')
    commandStarted.resolve()
    return { pid: 77, exited: commandEnd.promise, signal: (signal) => events.push(`command gets ${signal}`) }
  }
  const code = (overrides: { startCommand?: typeof startCommand } = {}): Promise<number> =>
    runBeside({
      startProxy,
      startCommand,
      onEnd: (callback) => {
        end = callback
      },
      note: () => {},
      clock: new FakeClock(),
      random: () => 0,
      sleep: (ms, signal) =>
        ms < 1_000
          ? Promise.resolve()
          : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
      ...overrides,
    })
  return { events, commandEnd, drained, commandStarted, proxyEnds, code, end: (s: NodeJS.Signals) => end(s) }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

// A rolling restart fails no request: callers stop first, then CMD gets the signal, then the proxy goes.
test('on SIGTERM the instance is drained before the command hears of it', async () => {
  const s = stage()
  const code = s.code()
  await s.commandStarted.promise
  await turn()
  s.end('SIGTERM')
  await turn()
  expect(s.events).toEqual(['proxy starts', 'command starts', 'proxy knows 77', 'drain'])
  s.drained.resolve()
  await turn()
  expect(s.events.slice(4)).toEqual(['command gets SIGTERM'])
  s.commandEnd.resolve({ code: 3, signal: null })
  expect(await code).toBe(3)
  expect(s.events.slice(5)).toEqual(['command gets SIGTERM', 'proxy stops'])
})

// A command that ends by itself takes its instance out of the mesh before the proxy ends, and its code is ours.
test('a command that ends is withdrawn', async () => {
  const s = stage()
  const code = s.code()
  await s.commandStarted.promise
  s.commandEnd.resolve({ code: null, signal: 'SIGSEGV' })
  await turn()
  s.drained.resolve()
  expect(await code).toBe(139)
  expect(s.events.indexOf('drain')).toBeLessThan(s.events.indexOf('proxy stops'))
})

// A proxy that dies comes back as the same instance, and learns again which command to end should we vanish.
test('a proxy that died is started again as what it was', async () => {
  const s = stage()
  const code = s.code()
  await s.commandStarted.promise
  await turn()
  s.proxyEnds[0]?.resolve({ code: null, signal: 'SIGKILL' })
  await turn()
  await turn()
  expect(s.events.slice(3)).toEqual(['proxy starts again as cart-v1-1-abcd', 'proxy knows 77'])
  s.commandEnd.resolve({ code: 0, signal: null })
  s.drained.resolve()
  expect(await code).toBe(0)
})

// The second Ctrl-C does not wait for anything.
test('a second request to end kills', async () => {
  const s = stage()
  const code = s.code()
  await s.commandStarted.promise
  await turn()
  s.end('SIGINT')
  await turn()
  s.end('SIGINT')
  await turn()
  expect(s.events).toContain('command gets SIGKILL')
  s.commandEnd.resolve({ code: null, signal: 'SIGKILL' })
  expect(await code).toBe(137)
  expect(s.events.at(-1)).toBe('proxy stops')
})

// A command that cannot be started leaves no proxy behind.
test('nothing is left when the command cannot be started', async () => {
  const s = stage()
  const code = s.code({ startCommand: () => Promise.reject(new Error('command not found')) })
  await expect(code).rejects.toThrow('command not found')
  expect(s.events).toEqual(['proxy starts', 'proxy stops'])
})
