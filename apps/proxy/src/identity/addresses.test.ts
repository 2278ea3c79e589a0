import { expect, test } from 'vitest'
import { advertisedHost, inboundAddress } from './addresses.ts'

// A mesh on one machine listens on loopback alone; one over a network listens where its callers come in.
test.each([
  [['https://127.0.0.1:4000'], null, '127.0.0.1'],
  [['https://localhost:4000'], null, '127.0.0.1'],
  [['https://[::1]:4000'], null, '::1'],
  [['https://control.example:4000'], null, '0.0.0.0'],
  [['https://127.0.0.1:4000', 'https://10.0.0.7:4000'], null, '0.0.0.0'],
  [['https://127.evil.example:4000'], null, '0.0.0.0'],
  [['https://[2001:db8::1]:4000'], null, '::'],
  [['https://127.0.0.1:4000'], '10.0.0.7', '0.0.0.0'],
  [['https://127.0.0.1:4000'], '2001:db8::7', '::'],
  [['https://10.0.0.7:4000'], '127.0.0.1', '127.0.0.1'],
])('%j, advertised %s: %s', (controls, host, expected) => {
  expect(inboundAddress({ controls, advertise: host === null ? null : { host, port: null } })).toBe(expected)
})

// Others are told an address that this proxy really listens on.
test('tells the address that it listens on', () => {
  expect(advertisedHost({ advertise: null }, '127.0.0.1')).toBe('127.0.0.1')
  expect(advertisedHost({ advertise: null }, '0.0.0.0')).toBeNull()
  expect(advertisedHost({ advertise: { host: 'box.example', port: 1 } }, '0.0.0.0')).toBe('box.example')
})
