import { expect, test } from 'vitest'
import { serverTiming } from './serverTiming.ts'

test('a header has one entry for each procedure, in milliseconds, and the total last', () => {
  const times = [
    { procedure: 'services.list', ms: 12.345 },
    { procedure: 'session.me', ms: 0 },
  ]
  expect(serverTiming(times, 20.06)).toBe('services.list;dur=12.3, session.me;dur=0.0, total;dur=20.1')
})
