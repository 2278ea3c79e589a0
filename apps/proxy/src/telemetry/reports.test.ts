import { type MetricsPayload, metricsPayloadSchema } from '@heddle/shared/wire/metrics'
import { expect, test } from 'vitest'
import { KEPT_MS, Reports } from './reports.ts'

const contents = { intervalMs: 5_000, routes: [], edges: [], rules: [], patterns: [] }

interface Sent {
  ageMs: number
  payload: MetricsPayload
}
const take = (reports: Reports, now: number): Sent[] =>
  reports.take(now).map((text) => {
    const { ageMs, payload } = JSON.parse(text)
    return { ageMs, payload: metricsPayloadSchema.parse(payload) }
  })
const sequences = (sent: Sent[]) => sent.map(({ payload }) => payload.sequence)

// A report is sent until it is acknowledged: after a lost connection the same (boot id, sequence) comes with the same
// payload, and only its age is new. So it counts once, however often it arrives.
test('sends the same report again until it is acknowledged', () => {
  const reports = new Reports('boot')
  reports.add(contents, 1_000)
  const [first] = take(reports, 1_500)
  expect(take(reports, 2_000)).toEqual([])
  reports.lost()
  const [second] = take(reports, 9_000)
  expect([first?.ageMs, second?.ageMs]).toEqual([500, 8_000])
  expect(second?.payload).toEqual(first?.payload)
  reports.acknowledged('boot', 1)
  reports.lost()
  expect(take(reports, 10_000)).toEqual([])
  expect(reports.waiting).toBe(0)
})

// Without an answer for 15 s on a live connection everything unanswered goes out again, in order.
test('sends again what is not answered', () => {
  const reports = new Reports('boot')
  for (let n = 0; n < 3; n++) reports.add(contents, n)
  expect(sequences(take(reports, 10))).toEqual([1, 2, 3])
  reports.acknowledged('boot', 2)
  expect(take(reports, 15_000)).toEqual([])
  expect(sequences(take(reports, 15_011))).toEqual([1, 3])
})

// A new report every few seconds does not put off the resend of an old one: each has waited since its own sending.
test('new reports do not put off the resend', () => {
  const reports = new Reports('boot')
  const sent: number[] = []
  for (let now = 0; now <= 20_000; now += 5_000) {
    reports.add(contents, now)
    sent.push(...sequences(take(reports, now)))
  }
  expect(sent).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 5])
  expect(sequences(take(reports, 35_000))).toEqual([])
  expect(sequences(take(reports, 35_001))).toEqual([1, 2, 3, 4, 5])
})

// Reports never overtake one another: at most 16 are on the wire, the next follows when one is acknowledged.
test('sends in order within a window', () => {
  const reports = new Reports('boot')
  for (let n = 0; n < 40; n++) reports.add(contents, n)
  expect(sequences(take(reports, 100))).toEqual(Array.from({ length: 16 }, (_, n) => n + 1))
  expect(take(reports, 100)).toEqual([])
  reports.acknowledged('boot', 1)
  expect(sequences(take(reports, 100))).toEqual([17])
})

// An acknowledgement of another life of this proxy, or a second one, changes nothing.
test('ignores acknowledgements that are not its own', () => {
  const reports = new Reports('boot')
  reports.add(contents, 0)
  take(reports, 0)
  reports.acknowledged('earlier', 1)
  reports.acknowledged('boot', 9)
  expect(reports.waiting).toBe(1)
  reports.acknowledged('boot', 1)
  reports.acknowledged('boot', 1)
  expect(reports.waiting).toBe(0)
})

// 15 minutes are kept; what is older is dropped, oldest first, and the next report made says how many were.
test('drops the oldest after 15 minutes and says so', () => {
  const reports = new Reports('boot')
  reports.add(contents, 0)
  reports.add(contents, 5_000)
  reports.add(contents, KEPT_MS + 1)
  const sent = take(reports, KEPT_MS + 1)
  expect(sequences(sent)).toEqual([2, 3])
  expect(sent.map(({ payload }) => payload.droppedReports)).toEqual([0, 1])
  expect(reports.dropped).toBe(1)
})

// Whoever ends waits for the last acknowledgement, if there is anything to acknowledge.
test('tells when nothing waits any more', async () => {
  const reports = new Reports('boot')
  await reports.settled()
  reports.add(contents, 0)
  const order: string[] = []
  const settled = reports.settled().then(() => order.push('settled'))
  await Promise.resolve()
  order.push('acknowledged')
  reports.acknowledged('boot', 1)
  await settled
  expect(order).toEqual(['acknowledged', 'settled'])
})
