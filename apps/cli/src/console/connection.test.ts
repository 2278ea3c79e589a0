import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readEnvironment } from '../environment.ts'
import { type Home, homeAt } from '../home.ts'
import { claimUp } from '../up/upFile.ts'
import { findConsole } from './connection.ts'

let home: Home
beforeEach(() => {
  home = homeAt(mkdtempSync(join(tmpdir(), 'heddle-connection-')))
})
afterEach(() => rmSync(home.directory, { recursive: true, force: true }))

// On the machine of `heddle up` nothing has to be set.
test('the console and the token of this machine are found', () => {
  claimUp(home, 0).publish({ consoleLocalUrl: 'http://10.0.0.1:3100' })
  writeFileSync(home.adminTokenFile, 'heddle_api_abc\n')
  expect(findConsole(readEnvironment({}), home)).toEqual({ url: 'http://10.0.0.1:3100', token: 'heddle_api_abc' })
})

// This machine's admin token must not travel to whatever address an environment variable names.
test('the token of this machine stays on this machine', () => {
  writeFileSync(home.adminTokenFile, 'heddle_api_abc\n')
  for (const url of ['https://mesh.example.org', 'http://127.evil.example:3000'])
    expect(() => findConsole(readEnvironment({ HEDDLE_URL: url }), home)).toThrow('no token')
  expect(findConsole(readEnvironment({ HEDDLE_URL: 'http://127.0.0.1:9' }), home).token).toBe('heddle_api_abc')
})

// While no `up` runs, anybody may listen on the console's port: the permanent admin token is not for them.
test('the token of this machine is not sent while no up runs', () => {
  writeFileSync(home.adminTokenFile, 'heddle_api_abc\n')
  expect(() => findConsole(readEnvironment({}), home)).toThrow('no console is known')
})

// Half a minute of building is no reason to look for a mistake.
test('an up that is still starting is said so', () => {
  claimUp(home, 0)
  expect(() => findConsole(readEnvironment({}), home)).toThrow('still starting')
})

// Without anything, the answer is advice and not a stack.
test('nothing known is said so', () => {
  expect(() => findConsole(readEnvironment({}), home)).toThrow('no console is known')
})

// Every mistake in the environment is named at once; empty variables count as not set.
test('a wrong environment is a usage error', () => {
  expect(() => readEnvironment({ HEDDLE_HOME: 'relative', HEDDLE_URL: 'nonsense' })).toThrow(
    /HEDDLE_HOME must be an absolute path[\s\S]*HEDDLE_URL must be an http/,
  )
  expect(readEnvironment({ HEDDLE_URL: '', HEDDLE_HOME: '/x' }).consoleUrl).toBeUndefined()
})
