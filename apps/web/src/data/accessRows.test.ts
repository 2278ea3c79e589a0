import { accessRuleSchema } from '@heddle/shared/resources/accessRule'
import { expect, test } from 'vitest'
import type { StandingRule } from '../server/schemas/access.ts'
import { accessRows, nameOf } from './accessRows.ts'

interface Given {
  action?: 'Allow' | 'Deny'
  mode?: 'enforce' | 'audit'
}
const rule = (name: string, { action = 'Allow', mode = 'enforce' }: Given = {}): StandingRule => ({
  rule: accessRuleSchema.parse({
    ...{ apiVersion: 'heddle.dev/v1', kind: 'AccessRule', metadata: { name } },
    spec: { target: { service: 'payments' }, action, mode, from: [{ service: 'checkout' }] },
  }),
  ...{ resourceVersion: '3', sentence: '', mode, isPutAside: false, lastChange: null },
})

// What waits for a decision is read first, then what decides first, then what decides most.
test('rules stand in the order in which they matter', () => {
  const rules = [
    rule('few'),
    rule('many'),
    rule('audited', { mode: 'audit' }),
    rule('deny', { action: 'Deny' }),
    rule('another'),
  ]
  const hits = { few: { hits: { allowed: 1 } }, many: { hits: { allowed: 9 } } }
  expect(accessRows(rules, hits).map(nameOf)).toEqual(['audited', 'deny', 'many', 'few', 'another'])
})

// What is left out on the way counts nothing, and the total is that of all verdicts.
test('a rule and its hits are one row', () => {
  const [row] = accessRows([rule('readers')], { readers: { hits: { allowed: 7, denied: 2 }, lastHitAt: 5 } })
  expect(row).toMatchObject({ hits: { allowed: 7, denied: 2, auditWouldDeny: 0, total: 9 }, callers: [] })
  expect([row?.lastHitAt, row?.unusedSince]).toEqual([5, null])
})

// A rule that was written a moment ago, of whose hits nobody has told: not one that was never used.
test('without hits nothing is said of them', () => {
  const [row] = accessRows([rule('new')], undefined)
  expect([row?.hits.total, row?.lastHitAt, row?.unusedSince]).toEqual([0, null, null])
})

// Hundreds of rows are compared with each tick: whoever sees the same object looks no further.
test('what has not moved is the same row', () => {
  const rules = [rule('a'), rule('b')]
  const hits = { a: { hits: { allowed: 2 } }, b: { hits: { allowed: 1 } } }
  const before = accessRows(rules, hits)
  const after = accessRows(rules, { ...hits, b: { hits: { allowed: 3 } } })
  expect(after.map(nameOf)).toEqual(['b', 'a'])
  expect(after[1]).toBe(before[0])
  expect(after[0]).not.toBe(before[1])
})

// Names of rules are anybody's: some of them are names that every object of JavaScript knows.
test('a rule may be called as what every object has', () => {
  expect(accessRows([rule('constructor')], {})).toMatchObject([{ hits: { total: 0 }, callers: [] }])
})
