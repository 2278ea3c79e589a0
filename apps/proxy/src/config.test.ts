import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { EXIT, StartError } from './lifecycle/startError.ts'

const mistakes = (environment: NodeJS.ProcessEnv): StartError => {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof StartError) return error
    throw error
  }
  throw new Error('it was accepted')
}

// A service name is all that is needed; everything else has a default.
test('fills in the defaults', () => {
  expect(readConfig({ HEDDLE_SERVICE: 'catalog', HEDDLE_VERSION: '', HEDDLE_OUTBOUND_PORT: '0' })).toMatchObject({
    service: 'catalog',
    version: 'v1',
    instance: null,
    appPort: null,
    outboundPort: null,
    controls: ['https://127.0.0.1:4000'],
    home: expect.stringMatching(/\/\.heddle$/),
  })
})

test('reads what is given', () => {
  const config = readConfig({
    HEDDLE_SERVICE: 'catalog',
    HEDDLE_APP_PORT: '8080',
    HEDDLE_CONTROL: 'https://a.example:4000, https://[::1]:4001/',
    HEDDLE_ADVERTISE: '[2001:db8::7]:4143',
    HEDDLE_PUBLIC_PORT: '80',
    HEDDLE_UPSTREAMS: 'redis:6379,pg-v2:5432',
  })
  expect(config.upstreams).toEqual([
    { name: 'redis', port: 6379 },
    { name: 'pg-v2', port: 5432 },
  ])
  expect(config.controls).toEqual(['https://a.example:4000', 'https://[::1]:4001'])
  expect(config.advertise).toEqual({ host: '2001:db8::7', port: 4143 })
  expect([config.appPort, config.publicPort]).toEqual([8080, 80])
})

// Every mistake is named at once, with the variable that holds it.
test('names every mistake at once', () => {
  const error = mistakes({
    HEDDLE_SERVICE: 'Catalog_1',
    HEDDLE_APP_PORT: '70000',
    HEDDLE_READY_PATH: 'ready',
    HEDDLE_CONTROL: 'http://plain:4000',
    HEDDLE_ADVERTISE: 'host:0',
    HEDDLE_HOME: 'relative',
    HEDDLE_UPSTREAMS: 'redis',
  })
  expect(error.exitCode).toBe(EXIT.usage)
  const names = ['SERVICE', 'APP_PORT', 'READY_PATH', 'CONTROL', 'ADVERTISE', 'HOME', 'UPSTREAMS']
  for (const name of names) expect(error.message).toContain(`HEDDLE_${name}: `)
})

test.each<[string, NodeJS.ProcessEnv, string]>([
  ['no service', {}, 'HEDDLE_SERVICE: is required'],
  ['"localhost"', { HEDDLE_SERVICE: 'localhost' }, 'never a service'],
  ['names too long for an instance', { HEDDLE_SERVICE: 'a'.repeat(60) }, 'shorten the service or the version'],
  [
    'a public port without an app',
    { HEDDLE_SERVICE: 'catalog', HEDDLE_PUBLIC_PORT: '80' },
    'a public port needs an app behind it',
  ],
  [
    'one port for two things',
    { HEDDLE_SERVICE: 'catalog', HEDDLE_APP_PORT: '4143', HEDDLE_INBOUND_PORT: '4143' },
    'one is given twice',
  ],
  [
    'an upstream on the port of the app',
    { HEDDLE_SERVICE: 'catalog', HEDDLE_APP_PORT: '6379', HEDDLE_UPSTREAMS: 'redis:6379' },
    'HEDDLE_UPSTREAMS: "redis:6379"',
  ],
  ['a control plane with a path', { HEDDLE_SERVICE: 'catalog', HEDDLE_CONTROL: 'https://a/x' }, 'https://HOST:PORT'],
])('refuses %s', (_what, environment, message) => {
  expect(mistakes(environment).message).toContain(message)
})
