import { expect, test } from 'vitest'
import { describeFailure } from './failure.ts'

// A refusal of the API is told in its own words, with the request id to look up.
test('a refusal keeps its words and its request id', () => {
  const error = Object.assign(new Error('Ana changed this meanwhile.'), {
    data: { heddle: { code: 'stale', requestId: '7f3a' } },
  })
  expect(describeFailure(error)).toMatchObject({
    code: 'stale',
    message: 'Ana changed this meanwhile.',
    requestId: '7f3a',
  })
})

// Anything else never shows a stack or a parser's complaint.
test('what did not come from the API reads as no answer', () => {
  for (const error of [new TypeError('Failed to fetch'), 'x', null, { data: { heddle: 3 } }])
    expect(describeFailure(error)).toMatchObject({ code: 'offline', requestId: null })
})
