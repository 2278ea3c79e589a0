import type { WireAccessRule, WireRoute } from '@heddle/shared/wire/config'
import { expect, test } from 'vitest'
import { destinationDocument, inboundDocument, meshDocument } from '../../test/documents.ts'
import { unusable } from './usable.ts'

const path = { type: 'Exact', value: '/%zz' } as const
const route = (match: Partial<WireRoute['rules'][number]['matches'][number]>): WireRoute => ({
  name: 'shop',
  createdAt: 0,
  rules: [
    {
      label: 'shop/list',
      matches: [{ path: { type: 'PathPrefix', value: '/' }, method: null, headers: [], queryParams: [], ...match }],
      filters: [],
      mirrors: [],
      backends: [],
      timeouts: { requestMs: null, backendRequestMs: null },
      retry: null,
    },
  ],
})
const rule: WireAccessRule = {
  name: 'no-web',
  route: null,
  action: 'Deny',
  mode: 'enforce',
  from: [{ any: 'authenticated' }],
  to: [{ methods: [], paths: [path] }],
}
const badRegex = { headers: [{ type: 'RegularExpression' as const, name: 'x', value: '(' }] }

// A document that the request path could not compile is refused with the place; it would fail every request.
test.each([
  [
    'a path of a route',
    destinationDocument('catalog'),
    { routes: [route({ path })] },
    /destination\/catalog.*shop\/list/,
  ],
  ['a header of a route', inboundDocument('catalog'), { routes: [route(badRegex)] }, /inbound\/catalog.*RE2/],
  ['a path of an access rule', inboundDocument('catalog'), { rules: [rule] }, /inbound\/catalog.*no-web.*%zz/],
])('refuses %s that cannot be compiled', (_, document, change, expected) => {
  expect(unusable([meshDocument(['x']), document])).toBeUndefined()
  expect(unusable([meshDocument(['x']), { ...document, ...change } as typeof document])).toMatch(expected)
})

test('refuses a document that comes twice', () => {
  expect(unusable([inboundDocument('catalog'), inboundDocument('catalog')])).toBe('inbound/catalog comes twice')
})
