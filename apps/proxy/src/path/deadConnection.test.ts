// A request goes over another connection only where nobody can have acted on it.
import { expect, test } from 'vitest'
import type { Failure } from '../forward/upstream.ts'
import { mayGoAgain, type SentOnce } from './deadConnection.ts'

test.each<[Failure['end'], boolean, string, SentOnce['body'], boolean]>([
  ['not_sent', true, 'GET', 'none', true],
  ['not_sent', true, 'POST', 'kept', true],
  ['not_sent', true, 'POST', 'lost', false],
  ['not_sent', false, 'GET', 'none', false], // nobody listens there
  ['stale_connection', true, 'GET', 'none', true],
  ['stale_connection', true, 'DELETE', 'none', true],
  ['stale_connection', true, 'POST', 'none', false],
  ['stale_connection', true, 'PUT', 'kept', false], // its body has left
  ['stale_connection', true, 'PUT', 'lost', false],
  ['no_answer', true, 'GET', 'none', false], // a new connection: the application itself broke off
])('%s, connected %s, %s with body %s: %s', (end, wasConnected, method, body, expected) => {
  const failure: Failure = { kind: 'failed', code: 'connect_failed', end, wasConnected, cause: new Error(end) }
  expect(mayGoAgain(failure, { method, body })).toBe(expected)
})
