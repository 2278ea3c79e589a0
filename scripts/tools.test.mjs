import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ensurePrograms, ensureTool } from './tools.mjs'

let directory
let env
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  directory = mkdtempSync(join(tmpdir(), 'heddle-tools-'))
  env = { PATH: join(directory, 'bin') }
  mkdirSync(env.PATH)
  for (const tool of ['sh', 'mkdir', 'chmod']) symlinkSync(join('/bin', tool), join(env.PATH, tool))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(directory, { recursive: true, force: true })
})

function program(name, text) {
  const path = join(env.PATH, name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
}
const cache = () => join(directory, 'cache')

/** A Debian whose package holds the program. */
function debian() {
  program('apt-get', `echo "$@" >> ${directory}/calls; : > prometheus_1_amd64.deb`)
  program(
    'dpkg',
    '[ "$1" = -x ] && mkdir -p "$3/usr/bin" && echo tool > "$3/usr/bin/promtool" && chmod 755 "$3/usr/bin/promtool"',
  )
}

// Installing Debian's prometheus starts a daemon on port 9090 of the machine: the program is taken out, once.
test('a tool comes out of its package, which is not installed', () => {
  debian()
  const folder = ensureTool('promtool', 'prometheus', cache(), env)
  expect(readFileSync(join(folder, 'promtool'), 'utf8')).toBe('tool\n')
  expect(ensureTool('promtool', 'prometheus', cache(), env)).toBe(folder)
  expect(readFileSync(join(directory, 'calls'), 'utf8')).toBe('download -qq prometheus\n')
})

// The machine's own comes first.
test('a tool on the PATH is left as it is', () => {
  debian()
  program('promtool', 'true')
  expect(ensureTool('promtool', 'prometheus', cache(), env)).toBe('')
  expect(existsSync(join(directory, 'calls'))).toBe(false)
})

test('without Debian there is none', () => {
  expect(ensureTool('promtool', 'prometheus', cache(), env)).toBeUndefined()
})

test('programs that belong together are there only where all of them are', () => {
  program('nghttp', 'true')
  expect(ensurePrograms(['nghttp', 'h2load'], 'nghttp2-client', env)).toBe(false)
  expect(console.log).toHaveBeenCalledWith(expect.stringContaining('Debian package: nghttp2-client'))
  program('h2load', 'true')
  expect(ensurePrograms(['nghttp', 'h2load'], 'nghttp2-client', env)).toBe(true)
})
