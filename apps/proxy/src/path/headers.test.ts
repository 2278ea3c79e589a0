import { expect, test } from 'vitest'
import { toAppFromPeer } from './headers.ts'

const forwardedFor = (...lines: string[]) => {
  const headers = toAppFromPeer(
    ['accept', '*/*', ...lines.flatMap((line) => ['x-forwarded-for', line]), 'x-other', 'kept'],
    'By=spiffe://x/service/catalog;Hash=h;URI=spiffe://x/service/shop',
    '10.0.0.9',
  )
  expect(headers.join()).toContain('x-other,kept')
  return headers.flatMap((name, at) => (name === 'x-forwarded-for' ? [headers[at + 1]] : []))
}

// Whoever reads the last entry reads the hop that we saw, in however many lines the field came.
test.each([
  [[], '10.0.0.9'],
  [['1.1.1.1'], '1.1.1.1, 10.0.0.9'],
  [['1.1.1.1', '2.2.2.2, 3.3.3.3'], '1.1.1.1, 2.2.2.2, 3.3.3.3, 10.0.0.9'],
  [['', '2.2.2.2'], '2.2.2.2, 10.0.0.9'],
])('X-Forwarded-For %j becomes one line that ends with the peer', (lines, expected) => {
  expect(forwardedFor(...lines)).toEqual([expected])
})
