import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { SignInLimiter } from './signInLimiter.ts'

const wrong = async () => new Response(null, { status: 401 })
const right = async () => new Response('{}')

function limited() {
  const clock = new FakeClock()
  const delays: number[] = []
  const limiter = new SignInLimiter(clock, async (ms) => void delays.push(ms))
  return { clock, delays, limiter }
}

// Each wrong password makes the next try of that name slower, up to seconds; a minute of quiet forgives.
test('wrong tries slow a name down', async () => {
  const { clock, delays, limiter } = limited()
  for (let i = 0; i < 12; i++) await limiter.attempt('ana', wrong)
  expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000])
  clock.advance(60_000)
  await limiter.attempt('ana', wrong)
  expect(delays).toHaveLength(7)
})

// Somebody who tries wrong passwords, with invented names or with hers, does not keep ana out: a right password gets in
// within seconds, and at once from then on.
test('nobody is locked out by the wrong tries of others', async () => {
  const { delays, limiter } = limited()
  for (let i = 0; i < 500; i++) await limiter.attempt(`name-${i}`, wrong)
  expect(delays).toEqual([])
  for (let i = 0; i < 500; i++) await limiter.attempt('ana', wrong)
  expect((await limiter.attempt('ben', right))?.status).toBe(200)
  expect((await limiter.attempt('ana', right))?.status).toBe(200)
  expect(Math.max(...delays)).toBe(4_000)
  const before = delays.length
  expect((await limiter.attempt('ana', right))?.status).toBe(200)
  expect(delays).toHaveLength(before)
})

// A check costs a scrypt: two at once, some in line, and no more; the tries of one name are fewer still.
test('checks are bounded in number', async () => {
  const { limiter } = limited()
  const running: (() => void)[] = []
  let most = 0
  const slow = async () => {
    await new Promise<void>((resolve) => running.push(resolve))
    return wrong()
  }
  const tries = Array.from({ length: 100 }, (_, i) => limiter.attempt(`name-${i}`, slow))
  const ofOne = Array.from({ length: 20 }, () => limiter.attempt('ana', slow))
  const answers = Promise.all([...tries, ...ofOne])
  let isDone = false
  void answers.then(() => {
    isDone = true
  })
  while (!isDone) {
    most = Math.max(most, running.length)
    for (const end of running.splice(0)) end()
    await new Promise(setImmediate)
  }
  expect(most).toBe(2)
  const refused = (await answers).map((answer) => answer === null)
  expect(refused.slice(0, 100).filter(Boolean)).toHaveLength(100 - 2 - 64)
  expect(refused.slice(116)).toEqual([true, true, true, true])
})

// A database that is away says nothing of the password.
test('a check that fails by itself is no wrong try', async () => {
  const { delays, limiter } = limited()
  for (let i = 0; i < 20; i++) await limiter.attempt('ana', async () => new Response(null, { status: 503 }))
  expect(delays).toEqual([])
})
