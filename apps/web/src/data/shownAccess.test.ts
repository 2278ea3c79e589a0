import { accessRuleSchema } from '@heddle/shared/resources/accessRule'
import { expect, test } from 'vitest'
import type { MatrixCell } from '../server/schemas/accessPreview.ts'
import type { AccessRow } from './accessRows.ts'
import { isSame } from './isSame.ts'
import { formatCount } from './numbers.ts'
import { exactHits, isSameSquare, shownAccessRow, squareText } from './shownAccess.ts'

const cell: MatrixCell = {
  source: 'checkout',
  destination: 'payments',
  calls: 52_031,
  verdict: 'allow',
  denied: 0,
  wouldBeDenied: 0,
  allowedByRule: 52_031,
  rules: ['payments-from-checkout'],
}
const row: AccessRow = {
  rule: accessRuleSchema.parse({
    apiVersion: 'heddle.dev/v1',
    kind: 'AccessRule',
    metadata: { name: 'payments-from-checkout' },
    spec: { target: { service: 'payments' }, action: 'Allow', mode: 'enforce', from: [{ service: 'checkout' }] },
  }),
  resourceVersion: '3',
  sentence: 'Allow checkout to call payments',
  mode: 'enforce',
  isPutAside: false,
  hits: { allowed: 52_000, denied: 31, auditWouldAllow: 0, auditWouldDeny: 0, total: 52_031 },
  callers: [{ source: 'reviews', hits: 31, denied: 31 }],
  lastHitAt: 1_700_000_000_000,
  unusedSince: null,
  lastChange: null,
}
const shown = (of: AccessRow) => shownAccessRow(of, String)

// A tick moves a count in its last figures, and draws nothing for that.
test('what nobody sees draws nothing', () => {
  expect(isSameSquare(cell, { ...cell, calls: 52_040, allowedByRule: 52_040 })).toBe(true)
  expect(isSame(shown(row), shown({ ...row, hits: { ...row.hits, total: 52_040, allowed: 52_009 } }))).toBe(true)
})

// Whatever a square or a rule shows draws it anew.
test('what is read draws it', () => {
  const squares: (MatrixCell | undefined)[] = [
    undefined,
    { ...cell, calls: 52_200 },
    { ...cell, verdict: 'default' },
    { ...cell, verdict: 'deny', denied: 4 },
  ]
  for (const square of squares) expect(isSameSquare(cell, square)).toBe(false)
  const denied: MatrixCell = { ...cell, verdict: 'deny', denied: 4 }
  expect(isSameSquare(denied, { ...denied, denied: 5 })).toBe(false)
  const rows: AccessRow[] = [
    { ...row, sentence: 'Allow checkout to call GET on payments' },
    { ...row, mode: 'audit' },
    { ...row, isPutAside: true },
    { ...row, hits: { ...row.hits, total: 52_200 } },
    { ...row, hits: { ...row.hits, denied: 32 } },
    { ...row, callers: [{ source: 'cart', hits: 31, denied: 31 }] },
    { ...row, lastHitAt: null },
    { ...row, unusedSince: 1_700_000_000_000 },
  ]
  for (const other of rows) expect(isSame(shown(other), shown(row))).toBe(false)
})

// Small numbers are told as they are, and every number to whoever points at it.
test('rounded, and exact where it is asked for', () => {
  expect(squareText('public', 'payments', { ...cell, calls: 842 })).toBe(
    'outside called payments 842 times: allowed by a rule',
  )
  expect(squareText('checkout', 'payments', cell)).toContain('52.0k times')
  expect(squareText('checkout', 'payments', cell, formatCount)).toContain('52,031 times')
  expect(squareText('checkout', 'cart', undefined)).toBe('checkout did not call cart')
  expect(exactHits(row, formatCount)).toBe('52,031 hits; denied reviews: 31')
})
