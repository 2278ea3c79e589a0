import { serviceNameSchema } from '@heddle/shared/names'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import { expect, test } from 'vitest'
import { filterInWords, matchInWords, retryInWords, ruleInWords } from './words.ts'

const path = { type: 'PathPrefix', value: '/products' } as const

test('a match reads as a sentence', () => {
  const none = { headers: [], queryParams: [] }
  expect(matchInWords({ path, method: 'GET', ...none })).toBe('GET /products')
  expect(matchInWords({ path: { type: 'PathPrefix', value: '/' }, method: null, ...none })).toBe('any method /')
  expect(
    matchInWords({
      path: { type: 'RegularExpression', value: '/v[0-9]+' },
      method: 'POST',
      headers: [{ type: 'Exact', name: 'x-beta', value: '1' }],
      queryParams: [{ type: 'RegularExpression', name: 'q', value: 'a.*' }],
    }),
  ).toBe('POST paths matching /v[0-9]+ where header x-beta is 1 and query q matches a.*')
})

test('retries and filters read as sentences', () => {
  expect(retryInWords({ retry: null, matches: [] })).toBe(null)
  const retry = { codes: [502, 503], attempts: 2, backoffMs: 0, nonIdempotent: false }
  expect(retryInWords({ retry, matches: [] })).toBe('2 × on 502, 503')
  expect(retryInWords({ retry: { ...retry, nonIdempotent: true }, matches: [] })).toContain('also POST and PATCH')
  const ofGrpc = { ...retry, codes: [], grpcCodes: [14], nonIdempotent: true }
  const rpc = { type: 'Exact', service: 'shop.Catalog', method: null } as const
  const call = {
    path: { type: 'PathPrefix', value: '/shop.Catalog' },
    method: 'POST',
    headers: [],
    queryParams: [],
    rpc,
  } as const
  expect(retryInWords({ retry: ofGrpc, matches: [{ ...call, headers: [], queryParams: [] }] })).toBe(
    '2 × on UNAVAILABLE, also where no answer came',
  )
  expect(
    filterInWords({
      type: 'URLRewrite',
      urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2' } },
    }),
  ).toBe('rewrites the path: prefix becomes /v2')
  expect(filterInWords({ type: 'RequestRedirect', requestRedirect: { hostname: 'b.example' } })).toBe(
    'redirects with 302 to b.example',
  )
  expect(
    filterInWords({
      type: 'RequestMirror',
      requestMirror: { backendRef: { name: serviceNameSchema.parse('shadow') }, percent: 5 },
    }),
  ).toBe('mirrors 5 % to shadow')
})

test('a rule reads the same wherever it stands', () => {
  const name = serviceNameSchema.parse('payments')
  const rule: AccessRule = {
    apiVersion: 'heddle.dev/v1',
    kind: 'AccessRule',
    metadata: { name: 'callers' },
    spec: {
      target: { service: name },
      action: 'Allow',
      from: [{ service: serviceNameSchema.parse('checkout') }, { any: 'public' }],
      to: [{ methods: ['POST'], paths: [{ type: 'PathPrefix', value: '/charge' }] }],
    },
  }
  expect(ruleInWords(rule)).toBe('Allow checkout, callers from outside to call POST under /charge on payments')
  const everything: AccessRule = {
    ...rule,
    spec: { target: { service: name, route: 'pay/charge' }, action: 'Deny', from: [{ any: 'authenticated' }] },
  }
  expect(ruleInWords(everything)).toBe('Deny any service of the mesh to call everything on payments, route pay/charge')
})
