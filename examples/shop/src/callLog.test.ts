import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCallLog } from './callLog.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-calls-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const numbersIn = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).n)

// A demo that runs for weeks must not fill the disk; the newest calls are there whole and in order, over a restart too.
test('the log keeps its newest lines in two files of the size', async () => {
  const path = join(directory, 'calls.jsonl')
  for (const start of [0, 50]) {
    const log = await openCallLog(path, 200)
    for (let n = start; n < start + 50; n++) {
      log.write({ n })
      if (n % 7 === 0) await log.end()
    }
    await log.end()
  }
  const kept = [...numbersIn(`${path}.1`), ...numbersIn(path)]
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 100 - kept.length + i))
  for (const file of [path, `${path}.1`]) expect(statSync(file).size).toBeLessThanOrEqual(200)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
