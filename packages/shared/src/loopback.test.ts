import { expect, test } from 'vitest'
import { isLoopback } from './loopback.ts'

// What is taken for this machine is an address of it and nothing that only looks like one.
test.each(['127.0.0.1', '127.255.0.9', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
  '%s is this machine',
  (host) => expect(isLoopback(host)).toBe(true),
)
test.each([
  '127.evil.example',
  '127.0.0.1.evil.example',
  '127.1',
  '127.0.0.256',
  '128.0.0.1',
  '10.0.0.1',
  '::2',
  'x.localhost',
  '',
])('%s is not', (host) => expect(isLoopback(host)).toBe(false))
