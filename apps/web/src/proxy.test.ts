import { NextRequest } from 'next/server'
import { afterEach, expect, test, vi } from 'vitest'
import { proxy } from './proxy.ts'

afterEach(() => vi.unstubAllEnvs())

// A console behind TLS is reached by TLS alone once a browser has seen it; one without must stay reachable.
test.each([
  ['https://heddle.example', 'max-age=31536000'],
  ['http://localhost:3000', null],
])('%s answers strict-transport-security %s', (url, expected) => {
  vi.stubEnv('HEDDLE_CONSOLE_URL', url)
  const { headers } = proxy(new NextRequest(`${url}/services`))
  expect(headers.get('strict-transport-security')).toBe(expected)
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
})
