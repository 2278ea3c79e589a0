import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepRotated, LOG_BYTES, rotate } from './logFile.ts'

let file: string
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'heddle-log-')), 'a.log')
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(join(file, '..'), { recursive: true, force: true })
})

// A child has its log open for as long as it lives: it goes on writing, and at most two files of the size are kept.
test('a log beyond its size moves aside under who writes it', () => {
  const log = openSync(file, 'a')
  writeSync(log, 'first\n')
  rotate(file, 6)
  expect(existsSync(`${file}.1`)).toBe(false)
  writeSync(log, 'second\n')
  rotate(file, 6)
  writeSync(log, 'third\n')
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('first\nsecond\n')
  expect(readFileSync(file, 'utf8')).toBe('third\n')
  writeSync(log, 'fourth\n')
  rotate(file, 6)
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('third\nfourth\n')
  expect(readFileSync(file, 'utf8')).toBe('')
  closeSync(log)
})

// A mesh that runs for months looks again and again, and not only at its start.
test('a log is looked at at the start and then each minute', () => {
  vi.useFakeTimers()
  writeFileSync(file, 'x'.repeat(LOG_BYTES + 1))
  using _ = keepRotated(file)
  expect(readFileSync(file, 'utf8')).toBe('')
  writeFileSync(file, 'y'.repeat(LOG_BYTES + 1))
  vi.advanceTimersByTime(60_000)
  expect(readFileSync(file, 'utf8')).toBe('')
  expect(readFileSync(`${file}.1`, 'utf8').startsWith('y')).toBe(true)
})

// There is nothing to shorten before the first line.
test('a log that is not there is no mistake', () => {
  expect(() => rotate(join(file, '..', 'none.log'))).not.toThrow()
})
