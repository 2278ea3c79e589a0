import { expect, test } from 'vitest'
import { routes, safeNext, withQuery } from './routes.ts'

// The time range follows every link, and a link's own parameters win.
test('links keep the time range and drop what belongs to a page', () => {
  const current = new URLSearchParams('range=6h&filter=shop')
  expect(withQuery(routes.service('catalog', 'traffic'), current)).toBe('/services/catalog/traffic?range=6h')
  expect(withQuery(routes.change(12), current)).toBe('/changes?open=12&range=6h')
  expect(withQuery('/changes?range=1h', current)).toBe('/changes?range=1h')
  expect(withQuery(routes.services, new URLSearchParams())).toBe('/services')
})

// Signing in never sends anybody to another site.
test('only own paths are followed after sign-in', () => {
  expect(safeNext('/access?rule=x')).toBe('/access?rule=x')
  for (const evil of ['//evil.test', 'https://evil.test', '/\\evil.test', '', null, undefined])
    expect(safeNext(evil)).toBe('/services')
})
