// The command as users start it: through the launcher, on whatever Node there is.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeOptions } from '../bin/nodeOptions.mjs'

const launcher = join(import.meta.dirname, '..', 'bin', 'heddle.mjs')

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'heddle-launcher-'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

function heddle(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HEDDLE_HOME: home }
  return new Promise((resolve) => {
    execFile('/usr/bin/env', ['node', launcher, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

// Help is for everybody: nothing has to run, nothing is built.
test('help and version need nothing', async () => {
  const help = await heddle('--help')
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('heddle run --service cart')
  expect(await heddle()).toEqual(help)
  expect(await heddle('--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
})

// A slip of the fingers is answered with what was meant, and with the exit code of wrong usage.
test.each([
  [['stauts'], 'Did you mean status?'],
  [['stat', 'service'], 'Did you mean services?'],
  [['get', 'servcie'], 'did you mean "Service"?'],
  [['up', '--consoleport', '1'], 'Did you mean --console-port?'],
  [['run', '--service', 'Cart', '--', 'true'], '--service must be'],
  [['run', '--service', 'cart', '--public-port', '80', '--', 'true'], '--public-port needs --app-port'],
  [['revert', 'last'], 'is not a revision'],
  [['stat', 'services', '--window', 'long'], '--window long: must be a duration'],
  [['stat', 'services', '--window', '5s'], '--window 5s: the window must be at least 10s'],
  [['stat', 'services', '--window', '401d'], 'at most 400d'],
  [['up', '--listen', '0.0.0.0'], 'clear text'],
  [['stat'], 'routes [options] [service]'],
  [['control'], 'new-epoch'],
])('heddle %j is wrong usage', async (args, advice) => {
  const { code, stderr } = await heddle(...args)
  expect(stderr).toContain(advice)
  expect(code).toBe(64)
})

// Mistakes in files are found before anybody is asked, all of them, with their place.
test('a wrong manifest is told with its places', async () => {
  const file = join(home, 'wrong.yaml')
  writeFileSync(file, 'apiVersion: heddle.dev/v1\nkind: Servce\n---\nkind: Service\nkind: Service\n')
  const { code, stderr } = await heddle('apply', '-f', file)
  expect(code).toBe(1)
  expect(stderr).toContain('nothing was changed, for 2 mistakes')
  expect(stderr).toContain(`${file}:2:1: unknown kind "Servce", did you mean "Service"?`)
  expect(stderr).toContain(`${file}:5:1: this key is given twice`)
})

// Without a mesh the answer says how to get one.
test('without a console the advice is to start one', async () => {
  const { code, stderr } = await heddle('status')
  expect(code).toBe(1)
  expect(stderr).toContain('Start one here with "heddle up"')
})

// A Node that can be replaced is: no second process stays beside each command for as long as it runs. What takes its place
// has the options of its kind.
test.each(['run', 'proxy'])('the launcher of %s becomes the command', async (command) => {
  const program = join(home, 'told.mjs')
  writeFileSync(program, 'console.log(JSON.stringify([process.pid, process.execArgv, process.argv.slice(2)]))')
  const launch = pathToFileURL(join(import.meta.dirname, '..', 'bin', 'launch.mjs')).href
  const script = `import(${JSON.stringify(launch)}).then((m) => m.launchProgram(${JSON.stringify(program)}, ['${command}', '-x']))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [pid, options, args] = JSON.parse(await text(child.stdout))
  expect(pid).toBe(child.pid)
  expect(options.slice(0, -2)).toEqual(nodeOptions(command, process.versions.node))
  expect(args).toEqual([command, '-x'])
})

// A Node that stands in for the pinned one must start: it refuses an option that its V8 does not know. And when the pin
// moves on, whoever moves it looks whether the options are still there.
test('only the pinned Node is told what others may not know', () => {
  const known = ['--max-semi-space-size=2']
  for (const version of ['22.18.0', '24.0.0', '27.0.0']) expect(nodeOptions('proxy', version)).toEqual(known)
  expect(nodeOptions('proxy', process.versions.node)).toEqual([
    ...known,
    '--managed-zone-memory',
    '--memory-pool-timeout=1',
    '--single-threaded-gc',
  ])
  expect(nodeOptions('run', process.versions.node)).toEqual([])
})
