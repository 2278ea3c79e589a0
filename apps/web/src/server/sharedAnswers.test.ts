import { expect, test } from 'vitest'
import { SharedAnswers } from './sharedAnswers.ts'

const always = () => true

// A hundred tabs that ask at once cost as much as one.
test('an answer is computed once for all who ask for it', async () => {
  const answers = new SharedAnswers(12)
  let computed = 0
  const compute = async () => ++computed
  expect(await Promise.all([answers.share('a', compute, always), answers.share('a', compute, always)])).toEqual([1, 1])
  expect(await answers.share('a', compute, always)).toBe(1)
  expect(await answers.share('b', compute, always)).toBe(2)
})

// Who asks again after a failure, or after an answer that lacked something, gets a new one.
test('errors and what is not worth keeping are forgotten', async () => {
  const answers = new SharedAnswers(12)
  await expect(answers.share('a', () => Promise.reject(new Error('away')), always)).rejects.toThrow('away')
  expect(
    await answers.share(
      'a',
      async () => 'partial',
      () => false,
    ),
  ).toBe('partial')
  expect(await answers.share('a', async () => 'whole', always)).toBe('whole')
  expect(await answers.share('a', async () => 'again', always)).toBe('whole')
})

// It does not grow with the number of ranges that were ever asked for; what is asked for often stays.
test('the least used leave first', async () => {
  const answers = new SharedAnswers(12)
  await answers.share('often', async () => 'first', always)
  for (let i = 0; i < 100; i++) {
    await answers.share(`once ${i}`, async () => i, always)
    await answers.share('often', async () => 'second', always)
  }
  expect(await answers.share('often', async () => 'second', always)).toBe('first')
  expect(await answers.share('once 0', async () => 'anew', always)).toBe('anew')
})
