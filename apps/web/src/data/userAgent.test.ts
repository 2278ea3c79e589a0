import { expect, test } from 'vitest'
import { browserName } from './userAgent.ts'

// Chrome says Safari, Edge says Chrome, Android says Linux: the more exact name wins.
test('browsers are told apart', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
  expect(browserName(chrome)).toBe('Chrome on Linux')
  expect(browserName(`${chrome} Edg/140.0`)).toBe('Edge on Linux')
  expect(browserName('Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Safari/537.36')).toBe('Chrome on Android')
  expect(browserName('curl/8.5')).toBe('Not a known browser')
  expect(browserName(null)).toBe('Not a known browser')
})
