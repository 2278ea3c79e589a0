import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { SignInLimiter } from './signInLimiter.ts'

// Ten wrong passwords in a minute for one name, and another name is not hindered by it.
test('tries are limited for each name', () => {
  const clock = new FakeClock()
  const limiter = new SignInLimiter(clock)
  const tries = Array.from({ length: 11 }, () => limiter.allow('ana'))
  expect(tries.filter(Boolean)).toHaveLength(10)
  expect(limiter.allow('ben')).toBe(true)
  clock.advance(60_000)
  expect(limiter.allow('ana')).toBe(true)
})

// Whoever knows the password may sign in as often as they like.
test('a right password is forgiven', () => {
  const limiter = new SignInLimiter(new FakeClock())
  for (let i = 0; i < 500; i++) {
    expect(limiter.allow('ana')).toBe(true)
    limiter.succeeded('ana')
  }
})

// Trying many names does not help either: each try costs a scrypt.
test('tries are limited over all names', () => {
  const limiter = new SignInLimiter(new FakeClock())
  const allowed = Array.from({ length: 1_000 }, (_, i) => limiter.allow(`name-${i}`)).filter(Boolean)
  expect(allowed).toHaveLength(120)
})
