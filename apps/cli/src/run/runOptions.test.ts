import { expect, test } from 'vitest'
import { proxyVariables, readProxyOptions } from './runOptions.ts'

const mistakesOf = (upstream: string[], more = {}): string => {
  try {
    readProxyOptions({ service: 'cart', upstream, ...more })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('it was accepted')
}

test('--upstream may be given more than once, and reaches the proxy', () => {
  const options = readProxyOptions({ service: 'cart', upstream: ['redis:6379', 'pg-v2:5432'] })
  expect(proxyVariables(options, 'https://c:4000', '/h').HEDDLE_UPSTREAMS).toBe('redis:6379,pg-v2:5432')
  expect(proxyVariables(readProxyOptions({ service: 'cart' }), 'c', '/h')).not.toHaveProperty('HEDDLE_UPSTREAMS')
})

// Every mistake names the option and what was given.
test('what --upstream cannot be is said at once', () => {
  const lines = mistakesOf(['redis', 'Redis:1', 'redis:0', 'redis:65536', 'a:1000', 'b:1000']).split('\n')
  expect(lines).toHaveLength(5)
  for (const line of lines) expect(line).toMatch(/^--upstream "/)
  expect(lines[4]).toContain('port 1000 is given twice, the other time for a')
})

test('a port of the app or of the proxy is not one of an upstream', () => {
  expect(mistakesOf(['redis:6379'], { appPort: '6379' })).toBe(
    '--app-port and --upstream redis:6379 cannot have one port',
  )
})
