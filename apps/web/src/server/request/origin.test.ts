import { expect, test } from 'vitest'
import { isSameOrigin } from './origin.ts'

const URL = 'http://localhost:3000'

// What a browser says of where a request began decides; a request that says nothing is not from our page.
test.each([
  [{ 'sec-fetch-site': 'same-origin' }, true],
  // The console under another name of the same machine: the browser vouches for it.
  [{ 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:3000' }, true],
  [{ 'sec-fetch-site': 'same-site', origin: URL }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: URL }, false],
  [{ 'sec-fetch-site': 'none', origin: URL }, false],
  [{ origin: URL }, true],
  [{ origin: 'http://localhost:3001' }, false],
  [{ origin: 'null' }, false],
  [{}, false],
])('%j', (headers, expected) => {
  expect(isSameOrigin(new Headers(Object.entries(headers)), URL)).toBe(expected)
})
