import { expect, test } from 'vitest'
import { parseSpiffeId, spiffeId } from './spiffe.ts'

// An id has one spelling; whatever else a certificate carries is nobody.
test('ids round-trip', () => {
  for (const identity of [{ kind: 'service', service: 'catalog' }, { kind: 'control' }, { kind: 'console' }] as const)
    expect(parseSpiffeId(spiffeId('a.test', identity), 'a.test')).toEqual(identity)
})

test.each([
  'spiffe://other.test/service/catalog',
  'spiffe://a.test/service/',
  'spiffe://a.test/service/catalog/x',
  'spiffe://a.test/service/Catalog',
  'spiffe://a.test/service/%63atalog',
  'spiffe://a.test/service/..',
  'SPIFFE://a.test/service/catalog',
  'spiffe://a.test/',
  'spiffe://a.test',
  'spiffe://a.test/control/',
  'spiffe://a.test/service/catalog?x',
  'spiffe://a.test/service/catalog\0',
])('%j is nobody', (uri) => {
  expect(parseSpiffeId(uri, 'a.test')).toBeUndefined()
})
