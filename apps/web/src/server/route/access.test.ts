import { serviceNameSchema } from '@heddle/shared/names'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import { expect, test } from 'vitest'
import { appliedRules } from './access.ts'

const catalog = serviceNameSchema.parse('catalog')
const rule = (name: string, spec: Partial<AccessRule['spec']> & { route?: string }): AccessRule => {
  const { route, ...rest } = spec
  return {
    apiVersion: 'heddle.dev/v1',
    kind: 'AccessRule',
    metadata: { name },
    spec: {
      target: { service: catalog, ...(route !== undefined && { route }) },
      action: 'Allow',
      from: [{ service: serviceNameSchema.parse('checkout') }],
      ...rest,
    },
  }
}
const target = { service: 'catalog', route: 'catalog/products' }
const plain = (text: string | undefined) => text?.replaceAll(' ', ' ')

// A rule applies by its service, its HTTPRoute or its rule, and to no other of a name that begins the same.
test('only the rules that cover the route apply', () => {
  const rules = [
    rule('whole', {}),
    rule('route', { route: 'catalog' }),
    rule('exact', { route: 'catalog/products' }),
    rule('other-rule', { route: 'catalog/import' }),
    rule('other-route', { route: 'cat' }),
  ]
  const names = appliedRules(rules, target, [], 'allow').map(({ rule: name }) => name)
  expect(names).toEqual(['exact', 'route', 'whole', null])
  expect(
    appliedRules(rules, { service: 'catalog', route: 'default' }, [], 'allow').map(({ rule: name }) => name),
  ).toEqual(['whole', null])
})

// Deny decides first, audit decides nothing, and an Allow in force closes the rest.
test('what holds is said in the order in which it decides', () => {
  const rules = [
    rule('audited', { action: 'Deny', mode: 'audit' }),
    rule('let-in', {}),
    rule('refuse', { action: 'Deny' }),
  ]
  const hits = [
    { rule: 'audited', source: 'checkout', verdict: 'audit_would_deny' as const, hits: 7 },
    { rule: 'refuse', source: 'checkout', verdict: 'denied' as const, hits: 1 },
  ]
  const applied = appliedRules(rules, target, hits, 'allow')
  expect(applied.map(({ state, title }) => [state, title])).toEqual([
    ['deny', 'refuse'],
    ['allow', 'let-in'],
    ['audit', 'audited'],
    ['deny', 'Everything else is denied'],
  ])
  expect(plain(applied[0]?.detail)).toBe('Deny checkout to call everything on catalog: denied 1 call in 24 h')
  expect(plain(applied[2]?.detail)).toBe(
    'Deny checkout to call everything on catalog, audit: would have denied 7 calls in 24 h',
  )
})

test('without an Allow in force the mesh default holds', () => {
  const audited = [rule('audited', { mode: 'audit' })]
  expect(appliedRules(audited, target, [], 'allow').at(-1)).toMatchObject({
    state: 'default',
    title: 'Allowed by default',
  })
  expect(appliedRules([], target, [], 'deny').at(-1)).toMatchObject({ state: 'deny', title: 'Denied by default' })
})
