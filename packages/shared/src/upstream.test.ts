import { expect, test } from 'vitest'
import { readUpstreams, upstreamText } from './upstream.ts'

test('a service, or one version of it, and a local port', () => {
  const texts = ['redis:6379', 'redis-v2:6380', 'p:65535']
  const { upstreams, mistakes } = readUpstreams(texts)
  expect(mistakes).toEqual([])
  expect(upstreams).toEqual([
    { name: 'redis', port: 6379 },
    { name: 'redis-v2', port: 6380 },
    { name: 'p', port: 65535 },
  ])
  expect(upstreams.map(upstreamText)).toEqual(texts)
})

// Every mistake names the text that was given and what it should be.
test.each([
  ['redis', /"redis" must be SERVICE:PORT/],
  ['', /must be SERVICE:PORT/],
  [':6379', /the service must be/],
  ['Redis:6379', /the service must be/],
  ['a.b:6379', /the service must be/],
  ['redis:6379:1', /the service must be/],
  ['localhost:6379', /never a service/],
  ['redis:', /local port must be a number from 1 to 65535/],
  ['redis:0', /local port/],
  ['redis:65536', /local port/],
  ['redis:+1', /local port/],
  ['redis: 1', /local port/],
  ['redis:1e3', /local port/],
])('"%s" is refused', (text, message) => {
  const { upstreams, mistakes } = readUpstreams([text])
  expect(upstreams).toEqual([])
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toMatch(message)
})

test('all mistakes are told at once, a port given twice among them', () => {
  const { mistakes } = readUpstreams(['redis:6379', 'pg:6379', 'x', 'redis:6379'])
  expect(mistakes).toHaveLength(3)
  expect(mistakes[0]).toContain('port 6379 is given twice, the other time for redis')
})
