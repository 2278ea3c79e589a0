// What the launcher starts: the bundle, as long as it is of the sources that are there.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { bundlesIn, manifestIn, programOf, stampOf } from '../bin/bundled.mjs'

const SOURCE = join('apps', 'proxy', 'src', 'main.ts')

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'heddle-bundled-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  write(SOURCE, 'export {}\n')
})

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const sources = () => join(root, 'apps', 'cli', 'src', 'main.ts')

function bundle(): string {
  mkdirSync(join(bundlesIn(root), 'first'), { recursive: true })
  writeFileSync(
    manifestIn(root),
    JSON.stringify({ folder: 'first', inputs: { [SOURCE]: stampOf(join(root, SOURCE)) } }),
  )
  return join(bundlesIn(root), 'first', 'heddle.js')
}

// What stays beside applications starts from the bundle; all else needs what is not in there.
test('run and proxy start from the bundle, other commands from the sources', () => {
  const program = bundle()
  expect(programOf(root, ['run', '--service', 'cart'])).toBe(program)
  expect(programOf(root, ['proxy'])).toBe(program)
  for (const args of [['up'], ['status'], ['--help'], []]) expect(programOf(root, args)).toBe(sources())
})

// Who edits a source runs what he wrote, not what was bundled before.
test.each([
  ['a source has changed', () => appendFileSync(join(root, SOURCE), '\n')],
  ['a source is gone', () => rmSync(join(root, SOURCE))],
  ['the build is gone', () => rmSync(join(bundlesIn(root), 'first'), { recursive: true })],
  ['nothing was bundled', () => rmSync(manifestIn(root))],
  ['the manifest is half written', () => writeFileSync(manifestIn(root), '{"folder":"fi')],
])('the sources are started when %s', (_what, happens) => {
  bundle()
  happens()
  expect(programOf(root, ['run'])).toBe(sources())
})
