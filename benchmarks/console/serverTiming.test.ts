import { expect, test } from 'vitest'
import { readServerTiming } from './serverTiming.ts'

test('the console’s header is read', () => {
  expect(readServerTiming('services.list;dur=12.3, session.me;dur=0.0, total;dur=20.1')).toEqual({
    totalMs: 20.1,
    procedures: [
      { procedure: 'services.list', ms: 12.3 },
      { procedure: 'session.me', ms: 0 },
    ],
  })
})

// A time that is missing must not count as none.
test.each([null, '', 'total;dur=3.0', 'services.list;dur=3.0', 'services.list, total;dur=3.0', 'a;dur=x, total;dur=1'])(
  'what does not say all times says none: %s',
  (header) => {
    expect(readServerTiming(header)).toBeNull()
  },
)
