// What the Access page is told: the replay of recorded calls, the tester, the matrix, and hits that are a rule's own.
import { commitDeltas, ensurePartitions } from '@heddle/db'
import type { PatternRow, RuleRow } from '@heddle/shared/wire/metrics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commitCalls, outcomes } from './metricsFixture.ts'
import { createTestConsole, type TestConsole } from './testConsole.ts'

const SERVICES = ['checkout', 'payments', 'returns', 'storefront']
let mesh: TestConsole
beforeAll(async () => {
  mesh = await createTestConsole()
  const documents = SERVICES.map((name) => ({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name } }))
  const { mistakes } = await mesh.as('admin').config.put({ documents })
  expect(mistakes).toEqual([])
})
afterAll(() => mesh[Symbol.asyncDispose]())

let sequence = 0
/** Commits what the service's own side saw, a few seconds ago. */
async function record(service: string, patterns: PatternRow[], rules: RuleRow[] = [], at = Date.now()): Promise<void> {
  const { db } = mesh.console
  await ensurePartitions(db, at)
  const payload = {
    ...{ bootId: `of ${service}`, sequence: ++sequence, intervalMs: 5_000, routes: [], edges: [], droppedReports: 0 },
    ...{ rules, patterns },
  }
  await commitDeltas(db, 'control-1', [{ instance: service, service, receivedAt: at, ageMs: 0, payload }])
}

const pattern = (source: string, method: string, path: string, calls: number): PatternRow => ({
  ...{ source, method, path, route: 'default', calls },
})

interface Given {
  name?: string
  action?: 'Allow' | 'Deny'
  mode?: 'enforce' | 'audit'
  target?: { service: string; route?: string }
  from?: string
  paths?: { type: 'Exact' | 'PathPrefix' | 'RegularExpression'; value: string }[]
}
const rule = ({ name = 'rule', action = 'Allow', mode = 'audit', target, from = 'checkout', paths }: Given) => ({
  apiVersion: 'heddle.dev/v1' as const,
  kind: 'AccessRule' as const,
  metadata: { name },
  spec: {
    target: target ?? { service: 'payments' },
    ...{ action, mode, from: [{ service: from }] },
    ...(paths !== undefined && { to: [{ paths }] }),
  },
})
const range = { lastMs: 3_600_000 }
/** Old enough to be shown, and newer than what a read of the test before may have remembered. */
const newMs = () => Date.now() - 40_000

// Before a rule is saved: how many calls, of whom, on which paths it would have denied, and how many nobody can tell.
test('a preview counts what a rule would have denied, and what it cannot tell', async () => {
  await record('payments', [
    pattern('checkout', 'POST', '/charge', 100),
    pattern('returns', 'POST', '/refund', 7),
    pattern('returns', 'GET', '/charges/*', 5),
    pattern('storefront', 'GET', '/charges/*', 3),
  ])
  const viewer = mesh.as('viewer')
  const allow = await viewer.access.preview({ rule: rule({}) })
  expect(allow).toMatchObject({
    ...{ mistakes: [], warnings: [] },
    replay: { meaning: 'asked', unchanged: 100, denied: { calls: 15, callers: 2 }, unknown: { calls: 0 } },
  })
  const { replay } = allow
  expect(replay?.denied.rows.map(({ source, path, calls }) => [source, path, calls])).toEqual([
    ['returns', '/refund', 7],
    ['returns', '/charges/*', 5],
    ['storefront', '/charges/*', 3],
  ])
  expect(replay?.denied.rows[0]?.hours).toHaveLength(24)
  expect(replay?.denied.rows[0]?.hours.at(-1)).toBe(7)
  const one = rule({ action: 'Deny', from: 'returns', paths: [{ type: 'Exact', value: '/charges/12345' }] })
  expect((await viewer.access.preview({ rule: one })).replay).toMatchObject({
    ...{ unchanged: 110, denied: { calls: 0 }, unknown: { calls: 5, callers: 1 } },
  })
})

// What saving does depends on what is stored: an enforced rule that is set to audit, or deleted, lets calls in.
test('a preview of an edit and of a deletion starts from the rule that is stored', async () => {
  const operator = mesh.as('operator')
  const deny = rule({ name: 'no-returns', action: 'Deny', mode: 'enforce', from: 'returns' })
  await operator.access.save({ rule: deny, resourceVersion: null })
  const unchanged = await operator.access.preview({ rule: deny })
  expect(unchanged.replay).toMatchObject({ meaning: 'saved', denied: { calls: 0 }, admitted: { calls: 0 } })
  const audited = await operator.access.preview({ rule: rule({ name: 'no-returns', action: 'Deny', from: 'returns' }) })
  expect(audited.replay).toMatchObject({ meaning: 'saved', admitted: { calls: 12 }, denied: { calls: 0 } })
  const removed = await operator.access.preview({ remove: 'no-returns' })
  expect(removed.replay).toMatchObject({ meaning: 'removed', admitted: { calls: 12, callers: 1 } })
  await expect(operator.access.preview({ remove: 'no-such-rule' })).rejects.toThrow('There is no rule no-such-rule.')
})

// A rule about what does not exist is said so at once, with what was probably meant; hostile names change nothing.
test('a preview says what is wrong with the rule', async () => {
  const viewer = mesh.as('viewer')
  const mistakesOf = async (given: Given) =>
    (await viewer.access.preview({ rule: rule(given) })).mistakes.map(({ message }) => message)
  expect(await mistakesOf({ target: { service: 'paymnets' } })).toEqual([
    'there is no service "paymnets", did you mean "payments"?',
  ])
  expect((await mistakesOf({ target: { service: 'payments', route: 'nope/x' } }))[0]).toContain('nope')
  const unknown = await viewer.access.preview({ rule: rule({ from: 'chekcout' }) })
  expect(unknown.warnings).toEqual(['there is no service "chekcout" (yet), did you mean "checkout"?'])
  expect(unknown.replay).not.toBeNull()
  for (const name of ['<script>alert(1)</script>', '\u202Egnp.exe', 'a'.repeat(500), '😀'])
    await expect(viewer.access.preview({ rule: rule({ from: name }) })).rejects.toThrow()
})

// The tester's answer is the proxies': path as it is routed and as a careless server could read it, rule by rule.
test('the tester names the deciding rule, and why others do not apply', async () => {
  await mesh.as('operator').access.save({ rule: rule({ name: 'audited' }), resourceVersion: null })
  const ask = (caller: string, path: string) =>
    mesh.as('viewer').access.explain({ caller, method: 'POST', path, service: 'payments', range })
  const denied = await ask('returns', '/refund?x=1')
  expect(denied).toMatchObject({
    ...{ malformed: null, allowed: false, rule: 'no-returns', path: '/refund', route: 'default' },
    seen: { pattern: '/refund', calls: 7 },
  })
  const allowed = await ask('checkout', '/a/..%2fcharge')
  expect(allowed).toMatchObject({ allowed: true, because: 'default', path: '/a/..%2Fcharge', worstPath: '/charge' })
  if (allowed.malformed !== null) throw new Error('malformed')
  expect(allowed.rules.find((one) => one.rule === 'no-returns')).toMatchObject({
    ...{ effect: 'none', why: 'The caller checkout is not among its callers.' },
    lastChange: { actor: 'a operator' },
  })
  expect(await ask('checkout', 'charge')).toMatchObject({ malformed: expect.stringContaining('400') })
  expect(await ask('chekcout', '/charge')).toMatchObject({
    warnings: ['There is no caller chekcout; did you mean checkout?'],
  })
  await expect(
    mesh.as('viewer').access.explain({ caller: 'a', method: 'GET', path: '/', service: 'paymnets', range }),
  ).rejects.toThrow('did you mean payments?')
})

// Hits of a rule that was deleted are no hits of one that was made later under its name.
test('a rule that was made again begins at nothing', async () => {
  const operator = mesh.as('operator')
  const remade = rule({ name: 'remade', action: 'Deny', mode: 'enforce', from: 'storefront' })
  const hit: RuleRow = { rule: 'remade', source: 'storefront', verdict: 'denied', hits: 9 }
  await record('payments', [], [hit], Date.now() - 600_000)
  const first = await operator.access.save({ rule: remade, resourceVersion: null })
  const { rules } = await operator.access.hits({ range })
  expect(rules.remade).toEqual({ hits: {}, unusedSince: expect.any(Number) })
  await operator.access.remove({ name: 'remade', resourceVersion: first.resourceVersion })
})

// The matrix shows each pair once with the worst that the rules said, and what was denied is what the service shows.
test('the matrix and the service page agree on what was denied', async () => {
  const call = (source: string, requests: number, denied: number) => ({
    ...{ source, destination: 'payments', version: 'v1', route: 'default' },
    outcomes: outcomes({ requests, ok: requests - denied, denied, latencyMs: 3 }),
  })
  await commitCalls(mesh.console.db, newMs(), [call('checkout', 40, 0), call('returns', 9, 6)])
  const viewer = mesh.as('viewer')
  const matrix = await viewer.access.matrix({ range })
  expect(matrix.cells.map(({ source, calls, verdict }) => [source, calls, verdict])).toEqual(
    expect.arrayContaining([
      ['checkout', 40, 'default'],
      ['returns', 9, 'deny'],
    ]),
  )
  expect(matrix.counts).toEqual({ allow: 0, default: 1, audit: 0, deny: 1 })
  const hits = await viewer.access.hits({ range, service: 'payments' })
  expect(hits.denied).toEqual({ calls: 6, callers: 1 })
  const page = await viewer.services.get({ service: 'payments', range })
  expect(page.routes.reduce((sum, { denied }) => sum + denied, 0)).toBe(6)
})

// A thousand callers stay a picture that can be read, and those who are denied are in it.
test('a thousand callers are bounded', async () => {
  const many = Array.from({ length: 1_000 }, (_, i) => ({
    ...{ source: `caller-${i}`, destination: 'storefront', version: 'v1', route: 'default' },
    outcomes: outcomes({ requests: 10 + i, ok: 10 + i - (i === 0 ? 1 : 0), denied: i === 0 ? 1 : 0, latencyMs: 2 }),
  }))
  await commitCalls(mesh.console.db, newMs(), many)
  const matrix = await mesh.as('viewer').access.matrix({ range, service: 'storefront' })
  expect(matrix.sources).toHaveLength(30)
  expect(matrix.sources).toContain('caller-0')
  expect(matrix.left).toBe(970)
  expect(matrix.counts).toMatchObject({ default: 999, deny: 1 })
  const patterns = Array.from({ length: 400 }, (_, i) => pattern(`caller-${i}`, 'GET', '/', 2))
  await record('storefront', patterns)
  const preview = await mesh.as('viewer').access.preview({ rule: rule({ target: { service: 'storefront' } }) })
  expect(preview.replay).toMatchObject({ denied: { calls: 800, callers: 400, moreRows: 350 } })
  expect(preview.replay?.denied.rows).toHaveLength(50)
})
