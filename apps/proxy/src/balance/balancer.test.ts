import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { type Attempt, Balancer, type BalancerSettings } from './balancer.ts'

const BREAKER = { consecutiveFailures: 7, minPenaltyMs: 1_000, maxPenaltyMs: 60_000 }
const EWMA: BalancerSettings = { balancing: 'peak-ewma', breaker: BREAKER }
const IN_TURN: BalancerSettings = { balancing: 'round-robin', breaker: BREAKER }
const NEVER_BREAKING = { ...BREAKER, consecutiveFailures: 1e9 }

const named = (...keys: string[]) => keys.map((key) => ({ key, endpoint: key }))

function balancerOf(settings: BalancerSettings, ...keys: string[]): Balancer<string> {
  const balancer = new Balancer<string>(settings)
  balancer.replace(named(...keys), 0)
  return balancer
}

function picked(result: Attempt<string> | 'no_endpoint' | 'circuit_open'): Attempt<string> {
  if (typeof result === 'string') throw new Error(result)
  return result
}

/** A pool under one caller, driven by hand: each call takes no time unless told. */
function driver(settings: BalancerSettings, ...keys: string[]) {
  const balancer = balancerOf(settings, ...keys)
  const random = seededRandom(9)
  const call = (nowMs: number, result: 'succeeded' | 'failed' | 'connect_failed', tried: string[] = []) => {
    const attempt = picked(balancer.pick(nowMs, random, tried))
    const change = balancer.settle(attempt, result, nowMs, random)
    balancer.release(attempt, nowMs)
    return { key: attempt.key, isProbe: attempt.isProbe, change }
  }
  return { balancer, random, call }
}

interface Behaviour {
  latencyMs: (nowMs: number) => number
  fails?: (nowMs: number) => boolean
}

/** Requests at random times, `perSecond` of them, with answers as the endpoints behave; the share of each endpoint. */
function simulate(
  behaviours: Record<string, Behaviour>,
  {
    perSecond,
    seconds,
    from = 0,
    breaker = NEVER_BREAKING,
    seed = 1,
  }: {
    perSecond: number
    seconds: number
    from?: number
    breaker?: BalancerSettings['breaker']
    seed?: number
  },
): Record<string, number> {
  const random = seededRandom(seed)
  const balancer = balancerOf({ balancing: 'peak-ewma', breaker }, ...Object.keys(behaviours))
  const answers: { atMs: number; attempt: Attempt<string> }[] = []
  const counts: Record<string, number> = {}
  let total = 0
  let nowMs = 0
  const answerUntil = (untilMs: number) => {
    answers.sort((a, b) => a.atMs - b.atMs)
    for (let next = answers[0]; next !== undefined && next.atMs <= untilMs; next = answers[0]) {
      answers.shift()
      const fails = behaviours[next.attempt.key]?.fails?.(next.atMs) ?? false
      balancer.settle(next.attempt, fails ? 'failed' : 'succeeded', next.atMs, random)
      balancer.release(next.attempt, next.atMs)
    }
  }
  while (nowMs < seconds * 1_000) {
    nowMs += (-Math.log(1 - random()) * 1_000) / perSecond
    answerUntil(nowMs)
    const attempt = picked(balancer.pick(nowMs, random, []))
    if (nowMs >= from * 1_000) {
      counts[attempt.key] = (counts[attempt.key] ?? 0) + 1
      total++
    }
    answers.push({ atMs: nowMs + (behaviours[attempt.key]?.latencyMs(nowMs) ?? 0), attempt })
  }
  return Object.fromEntries(Object.keys(behaviours).map((key) => [key, (counts[key] ?? 0) / total]))
}

const steady = (latencyMs: number): Behaviour => ({ latencyMs: () => latencyMs })

test('equal endpoints get equal shares', () => {
  const shares = simulate({ a: steady(10), b: steady(10), c: steady(10) }, { perSecond: 300, seconds: 60 })
  for (const share of Object.values(shares)) expect(Math.abs(share - 1 / 3)).toBeLessThan(0.1)
})

// The latency-aware part: a slow endpoint gets little, and not nothing.
test('a slow endpoint gets less', () => {
  const { slow = 1 } = simulate(
    { a: steady(10), b: steady(10), slow: steady(200) },
    { perSecond: 300, seconds: 60, from: 5 },
  )
  expect(slow).toBeLessThan(0.06)
  expect(slow).toBeGreaterThan(0)
})

test('an endpoint that has become fast again gets its share back', () => {
  const recovering = { latencyMs: (nowMs: number) => (nowMs < 30_000 ? 500 : 10) }
  const { recovered = 0 } = simulate(
    { a: steady(10), recovered: recovering },
    { perSecond: 200, seconds: 120, from: 90 },
  )
  expect(recovered).toBeGreaterThan(0.25)
})

// An endpoint that refuses everything at once looks fast; it must get less than its share, not more.
test.each([1, 2, 3])('fast failures do not attract traffic (seed %d)', (seed) => {
  const broken: Behaviour = { latencyMs: () => 1, fails: () => true }
  const load = { perSecond: 500, seconds: 30, seed }
  expect(simulate({ a: steady(30), broken }, load).broken).toBeLessThan(0.1)
  const { broken: one = 1 } = simulate({ a: steady(30), b: steady(30), c: steady(30), broken }, load)
  expect(one).toBeLessThan(0.05)
})

test('an endpoint that fails half of its requests gets less than its share', () => {
  const random = seededRandom(4)
  const flaky: Behaviour = { latencyMs: () => 5, fails: () => random() < 0.5 }
  expect(simulate({ a: steady(30), flaky }, { perSecond: 200, seconds: 60 }).flaky).toBeLessThan(0.4)
})

test('an endpoint that fails one request in a hundred keeps nearly its share', () => {
  const random = seededRandom(4)
  const rare: Behaviour = { latencyMs: () => 30, fails: () => random() < 0.01 }
  expect(simulate({ a: steady(30), rare }, { perSecond: 200, seconds: 60 }).rare).toBeGreaterThan(0.3)
})

// Requests in flight count: an endpoint that answers nothing is found out before its first answer.
test('an endpoint that hangs is avoided without any answer from it', () => {
  const { hung = 1 } = simulate({ a: steady(10), hung: steady(1e9) }, { perSecond: 100, seconds: 5 })
  expect(hung).toBeLessThan(0.1)
})

test('a new endpoint of a fast service is tried at once', () => {
  const random = seededRandom(2)
  const balancer = balancerOf(EWMA, 'a', 'b')
  for (let nowMs = 0; nowMs < 1_000; nowMs += 10) {
    const attempt = picked(balancer.pick(nowMs, random, []))
    balancer.settle(attempt, 'succeeded', nowMs + 1, random)
    balancer.release(attempt, nowMs + 1)
  }
  balancer.replace(named('a', 'b', 'c'), 1_000)
  const first = Array.from({ length: 30 }, (_, i) => {
    const attempt = picked(balancer.pick(1_000 + i * 10, random, []))
    balancer.settle(attempt, 'succeeded', 1_001 + i * 10, random)
    balancer.release(attempt, 1_001 + i * 10)
    return attempt.key
  })
  expect(first.filter((key) => key === 'c').length).toBeGreaterThan(3)
})

test('in turn, each endpoint gets the same, and those that begin together begin at different ones', () => {
  const starts = new Set<string>()
  for (let seed = 0; seed < 20; seed++) {
    const random = seededRandom(seed)
    const balancer = balancerOf(IN_TURN, 'a', 'b', 'c')
    const keys = Array.from({ length: 9 }, () => picked(balancer.pick(0, random, [])).key)
    starts.add(keys[0] ?? '')
    expect(keys.filter((key) => key === 'a')).toHaveLength(3)
    expect(new Set(keys.slice(0, 3)).size).toBe(3)
  }
  expect(starts.size).toBe(3)
})

// A retry avoids endpoints already tried while another is left, and goes to one of them where none is.
test('tried endpoints are avoided', () => {
  for (const settings of [EWMA, IN_TURN]) {
    const { call } = driver(settings, 'a', 'b', 'c')
    for (let i = 0; i < 50; i++) {
      expect(call(0, 'succeeded', ['a', 'c']).key).toBe('b')
      expect(['b', 'c']).toContain(call(0, 'succeeded', ['a']).key)
      expect(['a', 'b', 'c']).toContain(call(0, 'succeeded', ['a', 'b', 'c']).key)
    }
  }
})

test('without endpoints there is nothing to pick', () => {
  expect(new Balancer(EWMA).pick(0, seededRandom(1), [])).toBe('no_endpoint')
})

/** Seven failures at one endpoint, which is chosen by having tried the others. */
function breakOne({ call }: ReturnType<typeof driver>, others: string[], nowMs: number) {
  return Array.from({ length: 7 }, () => call(nowMs, 'failed', others).change)
}

// Seven failures in a row eject; one good answer between them starts the count anew.
test('the seventh consecutive failure ejects', () => {
  const pool = driver(EWMA, 'a', 'b')
  for (let i = 0; i < 6; i++) expect(pool.call(0, 'failed', ['b']).change).toBe(null)
  expect(pool.call(0, 'succeeded', ['b']).change).toBe(null)
  expect(breakOne(pool, ['b'], 0)).toEqual([null, null, null, null, null, null, 'ejected'])
  expect(pool.balancer.ejections(0)).toMatchObject([{ key: 'a' }])
  for (let i = 0; i < 50; i++) expect(pool.call(999, 'succeeded').key).toBe('b')
})

// After its penalty exactly one real request goes to it; while that is out, nobody else.
test('one request probes, success restores', () => {
  const pool = driver(EWMA, 'a', 'b')
  breakOne(pool, ['b'], 0)
  const untilMs = pool.balancer.ejections(0)[0]?.untilMs ?? 0
  expect(untilMs).toBeGreaterThanOrEqual(1_000)
  expect(untilMs).toBeLessThanOrEqual(1_500)
  const probe = picked(pool.balancer.pick(untilMs, pool.random, []))
  expect(probe).toMatchObject({ key: 'a', isProbe: true })
  for (let i = 0; i < 50; i++) expect(pool.call(untilMs + i, 'succeeded').key).toBe('b')
  expect(pool.balancer.settle(probe, 'succeeded', untilMs, pool.random)).toBe('restored')
  pool.balancer.release(probe, untilMs + 60)
  expect(pool.balancer.ejections(0)).toEqual([])
  expect(new Set(Array.from({ length: 200 }, (_, i) => pool.call(untilMs + 100 + i * 100, 'succeeded').key)).size).toBe(
    2,
  )
})

test('failed probes double the penalty up to a minute', () => {
  const pool = driver(EWMA, 'a', 'b')
  breakOne(pool, ['b'], 0)
  const penalties: number[] = []
  let nowMs = 0
  for (let i = 0; i < 12; i++) {
    const untilMs = pool.balancer.ejections(0)[0]?.untilMs ?? 0
    penalties.push(untilMs - nowMs)
    nowMs = untilMs
    expect(pool.call(nowMs, 'failed')).toEqual({ key: 'a', isProbe: true, change: null })
  }
  for (const [i, penalty] of penalties.entries()) {
    expect(penalty).toBeGreaterThanOrEqual(Math.min(1_000 * 2 ** i, 40_000))
    expect(penalty).toBeLessThanOrEqual(Math.min(1_500 * 2 ** i, 60_000))
  }
  expect(new Set(penalties.slice(7).map(Math.round)).size).toBeGreaterThan(1)
})

test('a probe whose caller went away is asked for again', () => {
  const pool = driver(EWMA, 'a', 'b')
  breakOne(pool, ['b'], 0)
  const probe = picked(pool.balancer.pick(2_000, pool.random, []))
  pool.balancer.release(probe, 2_100)
  expect(pool.call(2_100, 'succeeded')).toEqual({ key: 'a', isProbe: true, change: 'restored' })
})

test('what was out before the ejection neither restores nor prolongs it', () => {
  const pool = driver(EWMA, 'a', 'b')
  const early = [1, 2].map(() => picked(pool.balancer.pick(0, pool.random, ['b'])))
  breakOne(pool, ['b'], 0)
  const before = pool.balancer.ejections(0)
  for (const [i, attempt] of early.entries()) {
    expect(pool.balancer.settle(attempt, i === 0 ? 'succeeded' : 'failed', 500, pool.random)).toBe(null)
    pool.balancer.release(attempt, 500)
  }
  expect(pool.balancer.ejections(0)).toEqual(before)
})

// At most half of the endpoints, rounded down, are ejected, so that a failure of the whole service is not made worse.
test.each([
  [2, 1],
  [3, 1],
  [4, 2],
  [5, 2],
])('of %d endpoints at most %d are ejected', (count, limit) => {
  const pool = driver(EWMA, ...'abcde'.slice(0, count))
  for (let i = 0; i < 500; i++) pool.call(0, i % 2 === 0 ? 'failed' : 'connect_failed')
  expect(pool.balancer.ejections(0)).toHaveLength(limit)
})

test('a sole endpoint is never ejected for its answers', () => {
  const { call } = driver(EWMA, 'a')
  for (let i = 0; i < 100; i++) expect(call(0, i % 7 === 6 ? 'connect_failed' : 'failed').change).toBe(null)
})

test('a sole endpoint that cannot be connected to is', () => {
  const { balancer, random, call } = driver(EWMA, 'a')
  for (let i = 0; i < 6; i++) expect(call(0, 'connect_failed').change).toBe(null)
  expect(call(0, 'connect_failed').change).toBe('ejected')
  expect(balancer.pick(999, random, [])).toBe('circuit_open')
  const probe = picked(balancer.pick(1_500, random, ['a']))
  expect(probe.isProbe).toBe(true)
  expect(balancer.pick(1_500, random, [])).toBe('circuit_open')
  expect(balancer.settle(probe, 'succeeded', 1_501, random)).toBe('restored')
})

// Membership changes keep what is known, and the limit holds for those who are left.
test('endpoints that leave take their ejections with them, and others come back', () => {
  const pool = driver(EWMA, 'a', 'b', 'c', 'd')
  breakOne(pool, ['b', 'c', 'd'], 0)
  breakOne(pool, ['a', 'c', 'd'], 100)
  expect(pool.balancer.ejections(0).map(({ key }) => key)).toEqual(['a', 'b'])
  pool.balancer.replace(named('a', 'b', 'c'), 200)
  expect(pool.balancer.ejections(0)).toHaveLength(1)
  pool.balancer.replace(named('a', 'b', 'c', 'd'), 300)
  expect(pool.balancer.ejections(0)).toHaveLength(1)
  pool.balancer.replace(named('a'), 400)
  expect(pool.balancer.ejections(0)).toHaveLength(0)
  expect(pool.call(400, 'succeeded').key).toBe('a')
})

test('a dead endpoint that is the last one left stays ejected', () => {
  const pool = driver(EWMA, 'a', 'b')
  for (let i = 0; i < 7; i++) pool.call(0, 'connect_failed', ['b'])
  pool.balancer.replace(named('a'), 100)
  expect(pool.balancer.pick(200, pool.random, [])).toBe('circuit_open')
})

test('late answers do not change why a sole endpoint is left alone', () => {
  const pool = driver(EWMA, 'a', 'b')
  const late = picked(pool.balancer.pick(0, pool.random, ['b']))
  for (let i = 0; i < 7; i++) pool.call(0, 'connect_failed', ['b'])
  pool.balancer.settle(late, 'failed', 50, pool.random)
  pool.balancer.release(late, 50)
  pool.balancer.replace(named('a'), 100)
  expect(pool.balancer.pick(200, pool.random, [])).toBe('circuit_open')
})

test('an attempt at an endpoint that has left changes nothing', () => {
  const pool = driver(EWMA, 'a', 'b')
  const attempts = Array.from({ length: 10 }, () => picked(pool.balancer.pick(0, pool.random, ['b'])))
  pool.balancer.replace(named('b', 'c'), 10)
  for (const attempt of attempts) {
    expect(pool.balancer.settle(attempt, 'failed', 20, pool.random)).toBe(null)
    pool.balancer.release(attempt, 20)
  }
  expect(pool.balancer.ejections(0)).toEqual([])
})

// An endpoint whose heads are good and whose bodies break off fails all the same.
test('bodies that break off count as failures in a row', () => {
  const { balancer, random } = driver(EWMA, 'a', 'b')
  const changes = Array.from({ length: 7 }, () => {
    const attempt = picked(balancer.pick(0, random, ['b']))
    expect(balancer.settle(attempt, 'succeeded', 10, random)).toBe(null)
    const change = balancer.settle(attempt, 'failed', 20, random)
    expect(balancer.settle(attempt, 'failed', 30, random)).toBe(null)
    balancer.release(attempt, 30)
    return change
  })
  expect(changes).toEqual([null, null, null, null, null, null, 'ejected'])
})

test('an attempt is released once', () => {
  const { balancer, random } = driver(EWMA, 'a')
  const [one, other] = [picked(balancer.pick(0, random, [])), picked(balancer.pick(0, random, []))]
  expect(other.slot.load.pending).toBe(2)
  balancer.release(one, 1)
  balancer.release(one, 2)
  expect(other.slot.load.pending).toBe(1)
})

// Whatever happens, in whatever order: never more than half ejected, and somebody to pick wherever there are two.
test('random lives of a pool keep the limits', () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = seededRandom(seed)
    const balancer = new Balancer<string>(seed % 2 === 0 ? EWMA : IN_TURN)
    let nowMs = 0
    let keys: string[] = []
    const out: Attempt<string>[] = []
    for (let step = 0; step < 1_000; step++) {
      nowMs += random() * 100
      if (step % 50 === 0) {
        keys = [...'abcdef'].filter(() => random() < 0.5)
        balancer.replace(named(...keys), nowMs)
      }
      const result = balancer.pick(nowMs, random, random() < 0.3 ? keys.slice(0, 2) : [])
      if (typeof result !== 'string') {
        expect(keys).toContain(result.key)
        out.push(result)
      } else expect(result).toBe(keys.length === 0 ? 'no_endpoint' : 'circuit_open')
      if (keys.length > 1) expect(typeof result).toBe('object')
      while (out.length > 5) {
        const [attempt] = out.splice(Math.floor(random() * out.length), 1)
        if (attempt === undefined) continue
        if (random() < 0.95)
          balancer.settle(
            attempt,
            random() < 0.7 ? (random() < 0.5 ? 'failed' : 'connect_failed') : 'succeeded',
            nowMs,
            random,
          )
        balancer.release(attempt, nowMs)
      }
      const limit = keys.length === 1 ? 1 : Math.floor(keys.length / 2)
      expect(balancer.ejections(0).length).toBeLessThanOrEqual(limit)
    }
  }
})

// With another certificate of ours only what it may have caused is forgotten: not the failures of applications.
test('a new certificate of our own takes back ejections for connecting, and no others', () => {
  for (const result of ['connect_failed', 'refused_us', 'failed'] as const) {
    const { balancer, random } = driver(EWMA, 'a', 'b')
    for (let i = 0; i < 7; i++) {
      const attempt = picked(balancer.pick(0, random, ['b']))
      balancer.settle(attempt, result, 0, random)
      balancer.release(attempt, 0)
    }
    expect(balancer.ejections(0)).toHaveLength(1)
    balancer.forgetTlsFailures()
    expect(balancer.ejections(0)).toHaveLength(result === 'failed' ? 1 : 0)
  }
})

test('a sole endpoint that refuses our certificate is asked on', () => {
  const { balancer, random } = driver(EWMA, 'a')
  for (let i = 0; i < 20; i++)
    expect(balancer.settle(picked(balancer.pick(0, random, [])), 'refused_us', 0, random)).toBe(null)
})
