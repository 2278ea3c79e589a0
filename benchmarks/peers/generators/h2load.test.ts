import { expect, test } from 'vitest'
import { dataBytesIn, readLog } from './h2load.ts'

// As h2load 1.52 writes it: microseconds since 1970, status, microseconds until the answer's end.
test('answers of 200 count, from the first call begun to the last one ended', () => {
  const log =
    '1701300000000000\t200\t900\n1701300000000100\t503\t50\n1701300000000200\t-1\t1800\n1701300000000300\t200\t100\n'
  expect(readLog(log)).toMatchObject({ answered: 2, seconds: 0.002, latency: { p50: 100, p99: 900 } })
})

test('the octets of all bodies', () => {
  const printed =
    'traffic: 5.30MB (5559392) total, 205.16KB (210084) headers (space savings 91.3%), 5.10MB (5345280) data\n'
  expect(dataBytesIn(printed)).toBe(5_345_280)
})
