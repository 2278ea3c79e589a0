import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandEnvironment, mergeNoProxy, withoutNpm } from './commandEnvironment.ts'

const place = {
  service: 'cart',
  version: 'v1',
  instance: 'cart-v1-1',
  outboundPort: 4140,
  adminPort: 4191,
  appPort: null,
  preload: '/opt/heddle/preload.cjs',
  compileCacheDirectory: '/home/me/.heddle/cache/compile',
}

// Clients look for either spelling; all of them find the proxy, and none sends the machine's own traffic to it.
test('the proxy environment is set in both spellings', () => {
  const env = commandEnvironment({ PATH: '/bin', no_proxy: 'db.internal, localhost', NO_PROXY: '10.0.0.1' }, place)
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'])
    expect(env[name]).toBe('http://127.0.0.1:4140')
  expect(env.no_proxy).toBe('localhost,127.0.0.1,::1,db.internal,10.0.0.1')
  expect(env.NO_PROXY).toBe(env.no_proxy)
  expect(env.NODE_USE_ENV_PROXY).toBe('1')
  expect(env.HEDDLE_SERVICE).toBe('cart')
  expect(env.PATH).toBe('/bin')
})

// What the user had set for Node and Java stays, ours is added behind it.
test('options for runtimes are added to those that were there', () => {
  const env = commandEnvironment({ NODE_OPTIONS: '--max-old-space-size=64', JAVA_TOOL_OPTIONS: '-Xmx64m' }, place)
  expect(env.NODE_OPTIONS).toBe('--max-old-space-size=64 --require /opt/heddle/preload.cjs')
  expect(env.JAVA_TOOL_OPTIONS).toMatch(/^-Xmx64m -Dhttp\.proxyHost=127\.0\.0\.1 -Dhttp\.proxyPort=4140 /)
})

// What the launcher set for Heddle's own start is not for the application; what the user set is.
test('the cache of compiled code is not shared with the command', () => {
  const ours = commandEnvironment({ NODE_COMPILE_CACHE: place.compileCacheDirectory }, place)
  expect(ours).not.toHaveProperty('NODE_COMPILE_CACHE')
  expect(commandEnvironment({ NODE_COMPILE_CACHE: '/mine' }, place).NODE_COMPILE_CACHE).toBe('/mine')
})

// What lets a machine join is for the proxy, and what changes the mesh for its operator: neither for the application.
test.each(['HEDDLE_JOIN_TOKEN', 'HEDDLE_TOKEN'])('%s does not reach the command', (name) => {
  expect(commandEnvironment({ [name]: 'secret' }, place)).not.toHaveProperty(name)
})

// Under npx, `node` would be the pinned one: npm's entries at the front of PATH go, also nested ones; the user's stay.
test('what npm put into the environment is taken back', () => {
  const own = withoutNpm({
    PATH: '/w/node_modules/.bin:/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/usr/bin:/home/me/node_modules/.bin',
    npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js',
    npm_node_execpath: '/usr/bin/node',
    NPM_CONFIG_CACHE: '/tmp',
    NODE: '/usr/bin/node',
    INIT_CWD: '/w',
    HOME: '/home/me',
  })
  expect(own).toEqual({ PATH: '/usr/bin:/home/me/node_modules/.bin', HOME: '/home/me' })
})

// Somebody who has such a directory in PATH without npm keeps it.
test('without npm nothing is taken', () => {
  expect(withoutNpm({ PATH: '/w/node_modules/.bin:/bin', npm_config_registry: 'x' })).toEqual({
    PATH: '/w/node_modules/.bin:/bin',
    npm_config_registry: 'x',
  })
})

// Repeated `run`s do not grow the list.
test('no_proxy holds each entry once', () => {
  expect(mergeNoProxy('localhost,127.0.0.1,::1', 'localhost')).toBe('localhost,127.0.0.1,::1')
})

// A clone may lie below a folder with spaces and quotes in its name: Node must still find the preload.
test('Node accepts the quoted path of the preload', () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'heddle-env-')), 'a "b" \\ c')
  mkdirSync(directory)
  const preload = join(directory, 'preload.cjs')
  writeFileSync(preload, 'globalThis.loaded = true')
  try {
    const env = commandEnvironment({ PATH: process.env.PATH }, { ...place, preload })
    const output = execFileSync(process.execPath, ['-p', 'globalThis.loaded'], { env, encoding: 'utf8' })
    expect(output.trim()).toBe('true')
  } finally {
    rmSync(join(directory, '..'), { recursive: true })
  }
})
