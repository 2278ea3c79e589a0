// What happens between processes: readiness, deaths, signals, exit codes; with tiny real children.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { homeAt } from '../src/home.ts'
import { startCommand } from '../src/run/command.ts'
import { spawnChild, whenReady } from '../src/supervise/child.ts'
import { LOG_BYTES } from '../src/supervise/logFile.ts'
import { PROGRAMS } from '../src/supervise/programs.ts'
import { exitCodeOf } from '../src/terminal/exitCodes.ts'
import { down } from '../src/up/down.ts'
import { isSameProcess } from '../src/up/processId.ts'
import { claimUp, readUp } from '../src/up/upFile.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-processes-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function script(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const gone = (pid: number) => eventually(`process ${pid} is gone`, () => (isAlive(pid) ? undefined : true))

/** A child whose message `ready` has come. */
async function readyChild(text: string) {
  const ready = Promise.withResolvers<unknown>()
  const logFile = join(directory, 'child.log')
  const child = await spawnChild({
    name: 'the child',
    args: [script('child.cjs', text)],
    env: process.env,
    logFile,
    onMessage: ready.resolve,
  })
  return { child, ready: await whenReady({ name: 'the child', logFile }, child, ready.promise) }
}

// Ready is when the child says so, and what it prints is in its log, not in ours.
test('a child tells that it is ready', async () => {
  const { child, ready } = await readyChild(
    "console.log('a line'); process.send({ type: 'ready' }); setInterval(() => {}, 1e6)",
  )
  expect(ready).toEqual({ type: 'ready' })
  expect(exitCodeOf(await child.stop(5_000))).toBe(143)
  expect(readFileSync(join(directory, 'child.log'), 'utf8')).toBe('a line\n')
})

// One that ends before it is ready is an error that names its log.
test('a child that ends before it is ready is told', async () => {
  await expect(readyChild('process.exit(5)')).rejects.toMatchObject({
    message: 'the child ended before it was ready (exit code 5).',
    advice: expect.stringContaining('child.log'),
  })
})

// A child that does not hear SIGTERM cannot keep us from ending.
test('a deaf child is killed', async () => {
  const { child } = await readyChild(
    "process.on('SIGTERM', () => {}); process.send({ type: 'ready' }); setInterval(() => {}, 1e6)",
  )
  expect(await child.stop(50)).toEqual({ code: null, signal: 'SIGKILL' })
})

// kill -9 of the one that started everything leaves nothing behind: programs that know nothing of us end too.
test('a child ends when its parent is killed', async () => {
  const child = script('server.cjs', "require('node:http').createServer().listen(0, '127.0.0.1')")
  const parent = script(
    'parent.cjs',
    `const { spawn } = require('node:child_process')
     const child = spawn(process.execPath, ['--require', ${JSON.stringify(PROGRAMS.endWithParent)}, ${JSON.stringify(child)}],
       { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], detached: true })
     child.on('spawn', () => console.log(child.pid))
     setInterval(() => {}, 1e6)`,
  )
  const started = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = Number(await new Promise((resolve) => started.stdout.once('data', (data) => resolve(String(data)))))
  expect(isAlive(pid)).toBe(true)
  started.kill('SIGKILL')
  await gone(pid)
})

// CMD's exit code, or 128 + its signal, comes through; its grandchildren get the signal with it.
test('a command is a group, and its end is told as a shell would', async () => {
  const failing = await startCommand(['sh', '-c', 'exit 7'], process.env)
  expect(exitCodeOf(await failing.exited)).toBe(7)
  const pidFile = join(directory, 'grandchild')
  const shell = await startCommand(['sh', '-c', `sleep 1000 & echo $! > ${pidFile}; wait`], process.env)
  const grandchild = Number(
    await eventually('the grandchild runs', () => {
      try {
        return readFileSync(pidFile, 'utf8').trim() || undefined
      } catch {
        return undefined
      }
    }),
  )
  shell.signal('SIGTERM')
  expect(exitCodeOf(await shell.exited)).toBe(143)
  await gone(grandchild)
})

// A command that is not there, or cannot be executed, gets the code that shells give.
test('a command that cannot start has the exit code of a shell', () => {
  expect(() => startCommand(['no-such-command'], { PATH: '/bin:/usr/bin' })).toThrow(
    expect.objectContaining({ exitCode: 127 }),
  )
  expect(() => startCommand(['./no/such/file'], {})).toThrow(expect.objectContaining({ exitCode: 127 }))
  expect(() => startCommand([script('plain.txt', 'x')], {})).toThrow(expect.objectContaining({ exitCode: 126 }))
})

// Root's `up` with a HEDDLE_HOME that others can read: what to do, not a stack.
test("down of another user's up is advice", async () => {
  const home = homeAt(join(directory, 'of-another'))
  mkdirSync(home.directory)
  claimUp(home, 0)
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' })
  })
  try {
    await expect(down(home, { out: () => {}, note: () => {} })).rejects.toMatchObject({
      message: `"heddle up" (process ${process.pid}) belongs to another user.`,
      exitCode: 1,
    })
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGTERM')
  } finally {
    kill.mockRestore()
  }
})

// `heddle down` ends exactly the process that has the home, and waits until it is gone.
test('down ends the up of this home', async () => {
  const home = homeAt(directory)
  const claim = script(
    'claim.mts',
    `import { claimUp } from ${JSON.stringify(join(import.meta.dirname, '..', 'src', 'up', 'upFile.ts'))}
     import { homeAt } from ${JSON.stringify(join(import.meta.dirname, '..', 'src', 'home.ts'))}
     const claim = claimUp(homeAt(process.argv[2]), 0)
     process.on('SIGTERM', () => { claim.release(); process.exit(0) })
     setInterval(() => {}, 1e6)`,
  )
  const up = spawn(process.execPath, [claim, directory], { stdio: 'inherit' })
  const state = await eventually('the home is claimed', () => readUp(home))
  expect(state.process.pid).toBe(up.pid)
  const lines: string[] = []
  await down(home, { out: (line) => lines.push(line), note: () => {} })
  expect(lines).toEqual(['Heddle is down.'])
  expect(isSameProcess(state.process)).toBe(false)
  await down(home, { out: (line) => lines.push(line), note: () => {} })
  expect(lines[1]).toContain('Nothing runs')
})

// The logs of parts that run for months do not fill the disk.
test("a child's log is rotated at its start", async () => {
  const logFile = join(directory, 'long.log')
  writeFileSync(logFile, 'x'.repeat(LOG_BYTES + 1))
  const child = await spawnChild({
    name: 'the child',
    args: ['-e', "console.log('a line')"],
    env: process.env,
    logFile,
  })
  await child.exited
  expect(readFileSync(logFile, 'utf8')).toBe('a line\n')
  expect(statSync(`${logFile}.1`).size).toBe(LOG_BYTES + 1)
})
