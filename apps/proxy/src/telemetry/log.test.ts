import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { newSecret } from '@heddle/shared/joinToken'
import { expect, test } from 'vitest'
import { newHome } from '../../test/startProxies.ts'
import { fileSink, JsonLog } from './log.ts'

// What is logged before there is somewhere to write it is written then; each line is JSON with the fields of all.
test('keeps lines until it is opened', () => {
  const written: string[] = []
  const log = new JsonLog()
  log.warn('early', { a: 1 })
  log.open({ write: (text) => void written.push(text), close: () => {} }, { instance: 'catalog-v1-1-abcd' })
  log.error('late')
  const lines = written
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { level: 'warn', message: 'early', a: 1 },
    { level: 'error', message: 'late', instance: 'catalog-v1-1-abcd' },
  ])
})

// Tokens never reach the log, wherever in a line they are.
test('writes no secret', () => {
  const parts: string[] = []
  const log = new JsonLog()
  log.open({ write: (text) => void parts.push(text), close: () => {} })
  const [first, second, third] = [newSecret(), newSecret(), newSecret()]
  log.error(`refused heddle.abcdefghij12.${first}.${second}`, { deep: [{ token: `heddle_api_${third}` }] })
  const written = parts.join('')
  for (const secret of [first, third]) expect(written).not.toContain(secret)
  expect(written).toContain('heddle.abcdefghij12.')
})

// A log that cannot be written loses lines, and counts them, and nothing else.
test('counts what it loses', () => {
  const log = new JsonLog()
  log.open({
    write: () => {
      throw new Error('ENOSPC')
    },
    close: () => {},
  })
  log.info('one')
  log.info('two')
  log.flush()
  expect(log.dropped).toBe(2)
  for (let n = 0; n < 50_000; n++) log.info('a line while nothing flushes', { n })
  expect(log.dropped).toBeGreaterThan(2)
})

// The file is bounded: it is begun anew, and the one before is kept.
test('begins a new file when the old one is large', () => {
  using home = newHome()
  const path = join(home.path, 'logs', 'x.log')
  const sink = fileSink(path)
  const chunk = `${'x'.repeat(1024 * 1024 - 1)}\n`
  for (let n = 0; n < 18; n++) sink.write(chunk)
  expect(statSync(`${path}.1`).size).toBe(17 * 1024 * 1024)
  expect(readFileSync(path, 'utf8')).toBe(chunk)
  // Somebody removes the directory: the next new file fails, and the old one goes on.
  rmSync(join(home.path, 'logs'), { recursive: true })
  expect(() => {
    for (let n = 0; n < 18; n++) sink.write(chunk)
  }).toThrow()
  sink.close()
})
