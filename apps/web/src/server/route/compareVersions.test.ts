import { bucketOf } from '@heddle/shared/histogram'
import { NO_OUTCOMES } from '@heddle/testkit/outcomes'
import { expect, test } from 'vitest'
import { Totals } from '../metrics/totals.ts'
import { compareSlowest, compareVersions } from './compareVersions.ts'

const latency = (...cells: (readonly [ms: number, count: number])[]) => ({
  index: cells.map(([ms]) => bucketOf(ms)),
  count: cells.map(([, count]) => count),
})
const measured = (version: string, serverError: number, histogram: ReturnType<typeof latency>) => {
  const requests = histogram.count.reduce((a, b) => a + b, 0)
  const totals = new Totals().add({
    ...NO_OUTCOMES,
    requests,
    ok: requests - serverError,
    serverError,
    latency: histogram,
  })
  return { version, totals }
}
const plain = (text: string | undefined) => text?.replaceAll(' ', ' ')
const steady = measured('v1', 9, latency([8, 48_000], [42, 600]))

// The case of the pictures: a canary that fails often and is slow, each by itself more than chance.
test('differences beyond chance are said with the sample', () => {
  const [found] = compareVersions([measured('v2', 103, latency([17, 5_300], [180, 131])), steady])
  expect(found).toMatchObject({
    version: 'v2',
    baseline: 'v1',
    n: 5_431,
    failures: 'beyond_chance',
    latency: 'beyond_chance',
  })
  expect(plain(found?.words)).toMatch(
    /^v2 fails 102 × as often as v1 and its p99 is \d\.\d × as long\. Both differences are beyond chance \(n = 5,431\)\.$/,
  )
})

test('too few calls are not compared, and equal ones do not differ', () => {
  const [few] = compareVersions([steady, measured('v2', 5, latency([17, 19]))])
  expect(few).toMatchObject({ failures: 'too_few', latency: 'too_few', n: 19 })
  expect(plain(few?.words)).toBe('Not enough requests yet to compare v2 with v1 (n = 19, at least 100 needed).')
  const [same] = compareVersions([steady, measured('v2', 1, latency([8, 4_800], [42, 60]))])
  expect(plain(same?.words)).toBe('v2 and v1 differ by no more than chance, in failures and in p99 (n = 4,860).')
})

// A version that fails less, or where the other never failed, is no multiple of anything.
test('a ratio is said only where it means something', () => {
  const failing = measured('v1', 50, latency([8, 1_000]))
  const [better] = compareVersions([failing, measured('v2', 0, latency([8, 900]))])
  expect(plain(better?.words)).toBe(
    'v2 fails 0.00 % of its calls, v1 5.00 %: beyond chance (n = 900). Its p99 differs by no more than chance.',
  )
})

// A p99 of two slow calls among a hundred proves nothing, of twenty among two thousand it does.
test('the tail is compared by counts', () => {
  const base = latency([8, 9_950], [40, 50])
  expect(compareSlowest(base, latency([8, 98], [90, 2]))).toBe('chance')
  expect(compareSlowest(base, latency([8, 1_940], [90, 60]))).toBe('beyond_chance')
  expect(compareSlowest(latency(), latency())).toBe('too_few')
})

test('one version is compared with nothing', () => {
  expect(compareVersions([steady])).toEqual([])
  expect(compareVersions([])).toEqual([])
})
