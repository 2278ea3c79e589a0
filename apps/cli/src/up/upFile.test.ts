import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Home, homeAt } from '../home.ts'
import { isSameProcess, thisProcess } from './processId.ts'
import { claimUp, readUp } from './upFile.ts'

let home: Home
beforeEach(() => {
  home = homeAt(mkdtempSync(join(tmpdir(), 'heddle-up-')))
})
afterEach(() => rmSync(home.directory, { recursive: true, force: true }))

// A second `up` in the same HEDDLE_HOME is refused and told who has it.
test('a claimed home cannot be claimed again', () => {
  const claim = claimUp(home, 0)
  claim.publish({ consoleUrl: 'http://localhost:3000' })
  expect(() => claimUp(home, 0)).toThrow(`process ${process.pid}, console http://localhost:3000`)
  claim.release()
  expect(existsSync(home.upFile)).toBe(false)
})

// The file may hold what only its owner may read.
test('only the owner can read what runs', () => {
  claimUp(home, 0).publish({ controlUrl: 'https://127.0.0.1:4000' })
  expect(statSync(home.upFile).mode & 0o777).toBe(0o600)
})

// After a kill -9 the file stays; it names a process that is gone, or a number that another process has got since.
test('a file left behind counts for nothing', () => {
  const left = { startedAt: 0, consoleUrl: null, consoleLocalUrl: null, controlUrl: null, controlAdminPort: null }
  for (const began of ['some other boot/1', ''])
    for (const content of [JSON.stringify({ ...left, process: { pid: process.pid, began } }), '{"proc']) {
      writeFileSync(home.upFile, content)
      expect(readUp(home)).toBeUndefined()
      claimUp(home, 0).release()
    }
})

// A process recognises itself, and not one that had its number before.
test('a process is told by its beginning', () => {
  expect(isSameProcess(thisProcess())).toBe(true)
  expect(isSameProcess({ ...thisProcess(), began: 'another' })).toBe(false)
})
