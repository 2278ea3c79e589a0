import { expect, test } from 'vitest'
import { explainFailure } from './failure.ts'

// What Postgres says about its own start is turned into advice, with its words kept as the cause.
test.each([
  ['FATAL:  could not write to file "pg_wal/x": No space left on device', 'disk is full'],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'port is taken'],
  ['postgres: error while loading shared libraries: libicuuc.so.60', 'library'],
])('explains %s', (output, advice) => {
  const error = explainFailure('x', output)
  expect(error.message).toContain(advice)
  expect(String(error.cause)).toContain(output)
})
