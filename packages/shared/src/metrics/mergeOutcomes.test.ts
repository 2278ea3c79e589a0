import { expect, test } from 'vitest'
import { type Outcomes, outcomesSchema } from '../wire/metrics.ts'
import { addOutcomes } from './mergeOutcomes.ts'

const full = (n: number): Outcomes => ({
  requests: n,
  ok: n,
  clientError: n,
  serverError: n,
  meshErrors: { timeout: n, [`only_${n === 1 ? 'a' : 'b'}`]: n },
  denied: n,
  limited: n,
  cancelled: n,
  recovered: n,
  retriesMade: n,
  retriesSkipped: { deadline: n },
  bytesIn: n,
  bytesOut: n,
  latency: { index: [n, 9], count: [n, n] },
})

// Every counter that the wire has is added, and neither of the two is changed.
test('the sum of two rows', () => {
  const [a, b] = [full(1), full(2)]
  const sum = addOutcomes({ ...a, route: 'r' }, b)
  expect(sum).toEqual({
    ...Object.fromEntries(Object.keys(outcomesSchema.shape).map((field) => [field, 3])),
    route: 'r',
    meshErrors: { timeout: 3, only_a: 1, only_b: 2 },
    retriesSkipped: { deadline: 3 },
    latency: { index: [1, 2, 9], count: [1, 2, 3] },
  })
  expect([a, b]).toEqual([full(1), full(2)])
})
