import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, PROGRAMS } from './bundle.mjs'

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-bundle-'))
  await bundle(folder, PROGRAMS.package)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Paths of the parts whose names begin so; a part may have a small one before it, of the same name. */
const parts = (name) => readdirSync(folder).filter((file) => file.startsWith(`${name}-`))

/** Names of Node's own modules that are there once these parts are. */
function loadedBy(files) {
  const urls = files.map((file) => pathToFileURL(join(folder, file)).href)
  const script = `for (const url of ${JSON.stringify(urls)}) await import(url); console.log(JSON.stringify(process.moduleLoadList))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  if (stderr !== '') throw new Error(stderr)
  return JSON.parse(stdout).map((entry) => entry.replace(/^NativeModule /, ''))
}

// A proxy beside each service: what it never uses is not to be in the memory of all of them.
test('a proxy at its start has no HTTP client and no HTTP/2 of Node', () => {
  const files = ['process', 'app', 'dataPath'].map(parts)
  for (const found of files) expect(found).not.toEqual([])
  const loaded = loadedBy(files.flat())
  expect(loaded).toEqual(expect.arrayContaining(['http', 'tls']))
  for (const module of ['internal/deps/undici/undici', 'http2', 'internal/webstreams/readablestream'])
    expect(loaded).not.toContain(module)
})

// One character that is not Latin-1 makes V8 keep the whole file with two bytes for each of its characters.
test('each file is ASCII', () => {
  for (const file of readdirSync(folder))
    expect(readFileSync(join(folder, file), 'latin1'), file).toMatch(/^[\0-\x7f]*$/)
})
