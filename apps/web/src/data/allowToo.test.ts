import { expect, test } from 'vitest'
import { allowToo, canAllow } from './allowToo.ts'
import { newDraft, OUTSIDE } from './ruleDraft.ts'

const draft = {
  ...newDraft('orders'),
  callers: ['checkout'],
  methods: ['GET'],
  paths: [{ type: 'PathPrefix' as const, value: '/orders' }],
}

// Only what the call needs is added: a caller, a method, a path with its ids open.
test('a draft is widened by what the call needs', () => {
  expect(allowToo(draft, { source: 'checkout', method: 'GET', path: '/orders/*' })).toEqual(draft)
  expect(allowToo(draft, { source: 'returns', method: 'PATCH', path: '/orders/*/status' })).toEqual({
    ...draft,
    callers: ['checkout', 'returns'],
    methods: ['GET', 'PATCH'],
  })
  expect(allowToo(draft, { source: 'public', method: 'GET', path: '/a.b/*/c' })).toMatchObject({
    callers: ['checkout', OUTSIDE],
    paths: [draft.paths[0], { type: 'RegularExpression', value: '/a\\.b/[^/]+/c' }],
  })
  expect(allowToo(draft, { source: 'checkout', method: 'GET', path: '/ordersx' }).paths[1]).toEqual({
    type: 'Exact',
    value: '/ordersx',
  })
})

test('what was folded cannot be allowed by name', () => {
  expect(canAllow({ source: 'returns', method: 'GET', path: '/orders/*' })).toBe(true)
  expect(canAllow({ source: 'returns', method: 'other', path: 'other' })).toBe(false)
  expect(canAllow({ source: '*', method: '*', path: 'other' })).toBe(false)
})
