import { expect, test } from 'vitest'
import { doubtsAbout, proxyVariables, readProxyOptions } from './runOptions.ts'

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

test('--workers is a whole number from 1 to 64, and reaches the proxy', () => {
  const of = (workers: string) => readProxyOptions({ service: 'cart', workers })
  expect(proxyVariables(of('2'), 'c', '/h').HEDDLE_WORKERS).toBe('2')
  expect(proxyVariables(readProxyOptions({ service: 'cart' }), 'c', '/h')).not.toHaveProperty('HEDDLE_WORKERS')
  expect([of('1').workers, of('64').workers]).toEqual([1, 64])
  for (const wrong of ['0', '65', '-1', '1.5', '02', '', 'two', '1e1'])
    expect(() => of(wrong), wrong).toThrow('--workers must be a whole number from 1 to 64')
})

// More workers than processors are taken as they are: a container may be given more tomorrow.
test('more workers than processors are doubted', () => {
  const of = (workers?: string) => readProxyOptions({ service: 'cart', ...(workers === undefined ? {} : { workers }) })
  expect(doubtsAbout(of('4'), 2)).toEqual([expect.stringContaining('--workers 4 on 2 processors')])
  expect(doubtsAbout(of('2'), 2)).toEqual([])
  expect(doubtsAbout(of(), 1)).toEqual([])
})
