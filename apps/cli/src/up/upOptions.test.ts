import { expect, test } from 'vitest'
import { readUpOptions } from './upOptions.ts'

// Nothing given: this machine alone can reach anything.
test('without options everything is on loopback', () => {
  expect(readUpOptions({})).toMatchObject({
    listen: '127.0.0.1',
    consolePort: 3000,
    controlPort: 4000,
    consoleUrl: 'http://localhost:3000',
  })
})

// Passwords travel through the console: beyond loopback it wants TLS, its own or somebody's before it.
test('beyond loopback the console wants TLS', () => {
  expect(() => readUpOptions({ listen: '0.0.0.0' })).toThrow('clear text')
  const tls = { tlsCert: import.meta.filename, tlsKey: import.meta.filename }
  for (const how of [{ behindTls: true }, tls])
    expect(() => readUpOptions({ listen: '0.0.0.0', ...how })).toThrow('--console-url')
  expect(
    readUpOptions({ listen: '0.0.0.0', behindTls: true, consoleUrl: 'https://mesh.example.org/' }).consoleUrl,
  ).toBe('https://mesh.example.org')
  expect(readUpOptions({ listen: '10.0.0.1', ...tls }).consoleUrl).toBe('https://10.0.0.1:3000')
})

// Behind TLS browsers come by https; an http address would have them send passwords in clear text.
test('an address of the console beyond loopback is https', () => {
  const consoleUrl = 'http://mesh.example.org'
  const tls = { tlsCert: import.meta.filename, tlsKey: import.meta.filename }
  for (const how of [{ listen: '0.0.0.0', behindTls: true }, { behindTls: true }, {}, tls])
    expect(() => readUpOptions({ ...how, consoleUrl })).toThrow('must be https')
  expect(() => readUpOptions({ listen: '0.0.0.0', behindTls: true, consoleUrl: 'http://localhost' })).toThrow('https')
  expect(() => readUpOptions({ consoleUrl: 'http://127.evil.example' })).toThrow('must be https')
  for (const local of ['http://localhost:3100', 'http://127.0.0.1:3100', 'http://[::1]:3100'])
    expect(readUpOptions({ consoleUrl: local }).consoleUrl).toBe(local)
})

// All mistakes at once, named as options.
test('wrong options are listed', () => {
  expect(() => readUpOptions({ consolePort: 'x', listen: 'everywhere' })).toThrow(
    /--console-port must be a port number[\s\S]*--listen must be an IP address/,
  )
  expect(() => readUpOptions({ tlsCert: import.meta.filename })).toThrow('belong together')
  expect(() => readUpOptions({ consolePort: '4000' })).toThrow('cannot both be 4000')
})
