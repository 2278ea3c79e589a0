import { serviceNameSchema } from '@heddle/shared/names'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import { expect, test } from 'vitest'
import { whoMayCall } from './whoMayCall.ts'

type Spec = AccessRule['spec']
const named = (name: string) => serviceNameSchema.parse(name)
const rule = (action: Spec['action'], from: Spec['from'], more: Partial<Spec> = {}): Spec => ({
  target: { service: named('payments') },
  action,
  from,
  ...more,
})
const checkout = { service: named('checkout') }

test('without rules the mesh default decides', () => {
  expect(whoMayCall('payments', [], 'allow')).toBe('Every service of the mesh may call payments: no rule closes it.')
  expect(whoMayCall('payments', [], 'deny')).toContain('Nobody may call payments')
  // A database takes connections.
  expect(whoMayCall('redis', [], 'allow', true)).toContain('may connect to redis')
  expect(whoMayCall('redis', [], 'deny', true)).toContain('allows a connection')
})

// "mesh default allow" beside a rule that closes the service reads as if everybody might call.
test('an Allow closes the service to all others, whatever the default', () => {
  const rules = [rule('Allow', [checkout], { to: [{ methods: ['POST'] }] })]
  expect(whoMayCall('payments', rules, 'allow')).toBe(
    'Only checkout may call payments, and not everything of it; every other call is denied.',
  )
  expect(whoMayCall('payments', [rule('Allow', [checkout, { service: named('cart') }])], 'deny')).toBe(
    'Only checkout and cart may call payments; every other call is denied.',
  )
})

test('an audit rule and a rule of another service change nothing', () => {
  const others = [
    rule('Allow', [checkout], { mode: 'audit' }),
    rule('Allow', [checkout], { target: { service: named('cart') } }),
  ]
  expect(whoMayCall('payments', others, 'allow')).toBe(whoMayCall('payments', [], 'allow'))
})

test('rules of routes and denials are told, and many callers counted', () => {
  const rules = [
    rule('Allow', [checkout], { target: { service: named('payments'), route: 'refunds' } }),
    rule('Deny', [{ any: 'public' }]),
  ]
  expect(whoMayCall('payments', rules, 'allow')).toBe(
    'Every service of the mesh may call payments: no rule closes it. One route of it is open to fewer. One rule denies some calls first.',
  )
  const many = ['a', 'b', 'c', 'd', 'e'].map((service) => ({ service: named(service) }))
  expect(whoMayCall('payments', [rule('Allow', many)], 'allow')).toContain('a, b, c and 2 more may call')
})
