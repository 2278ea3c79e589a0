import { expect, test } from 'vitest'
import { classifyError, DialError, type Progress } from './classifyError.ts'

const error = (code: string): Error => Object.assign(new Error(code), { code })
const progress = (change: Partial<Progress>): Progress => ({
  isConnected: true,
  isReused: false,
  hasSentBytes: true,
  hasAnswerBytes: false,
  ...change,
})

// What may be repeated depends on how far a request had come, and only an alert of TLS says that nothing was read.
test.each([
  [
    'no connection',
    new DialError('HEDDLE_CONNECT', 'x'),
    { isConnected: false, hasSentBytes: false },
    'connect_failed',
    'not_sent',
  ],
  [
    'no handshake',
    new DialError('HEDDLE_TLS', 'x'),
    { isConnected: false, hasSentBytes: false },
    'tls_failed',
    'not_sent',
  ],
  ['an alert on a new connection', error('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), {}, 'tls_failed', 'not_sent'],
  [
    'an alert on a used connection',
    error('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'),
    { isReused: true },
    'tls_failed',
    'stale_connection',
  ],
  ['a reset of a new connection', error('ECONNRESET'), {}, 'protocol_error', 'no_answer'],
  ['a reset of a used connection', error('ECONNRESET'), { isReused: true }, 'protocol_error', 'stale_connection'],
  [
    'a reset within the answer',
    error('ECONNRESET'),
    { isReused: true, hasAnswerBytes: true },
    'protocol_error',
    'no_answer',
  ],
  ['a reset before anything was sent', error('ECONNRESET'), { hasSentBytes: false }, 'protocol_error', 'not_sent'],
  ['no HTTP', error('HPE_INVALID_CONSTANT'), {}, 'protocol_error', 'no_answer'],
] as const)('%s', (_what, cause, change, code, end) => {
  expect(classifyError(cause, progress(change), 'mesh')).toMatchObject({ kind: 'failed', code, end, cause })
})

test('an application that is not there has a code of its own', () => {
  const cause = new DialError('HEDDLE_CONNECT', 'x')
  const unreached = classifyError(cause, progress({ isConnected: false }), 'app')
  expect(unreached).toMatchObject({ code: 'app_unreachable', end: 'not_sent', wasConnected: false })
  // It is there: only this connection to it was closed before anything was written.
  const unsent = classifyError(cause, progress({ isReused: true, hasSentBytes: false }), 'app')
  expect(unsent).toMatchObject({ end: 'not_sent', wasConnected: true })
})
