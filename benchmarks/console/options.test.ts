import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

test('options are whole numbers within bounds', () => {
  expect(readOptions([])).toEqual({ visits: null, liveMs: 60_000, only: null })
  expect(readOptions(['--visits', '5', '--live-seconds', '20', '--only', '/map'])).toEqual({
    visits: 5,
    liveMs: 20_000,
    only: '/map',
  })
  expect(readOptions(['--visits', '0'])).toEqual({ mistake: expect.stringContaining('--visits') })
  expect(readOptions(['--visits', '201'])).toEqual({ mistake: expect.stringContaining('--visits') })
  expect(readOptions(['--live-seconds', '1.5'])).toEqual({ mistake: expect.stringContaining('--live-seconds') })
  expect(readOptions(['--nonsense'])).toEqual({ mistake: expect.stringContaining('nonsense') })
})
