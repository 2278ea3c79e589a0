// Traffic as operators steer it, over real processes: shares, retries, rules.
import { fileURLToPath } from 'node:url'
import { statRoutesOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Call, call, describeFailures, load } from './harness/load.ts'
import { freePort, type Mesh, type MeshService, startMesh } from './harness/mesh.ts'

const app = fileURLToPath(new URL('./harness/app.ts', import.meta.url))
let mesh: Mesh
let caller: MeshService
let stranger: MeshService

const startApp = async (service: string, version: string): Promise<MeshService> => {
  const port = await freePort()
  const command = [process.execPath, app, `${port}`, `${service}-${version}`]
  return mesh.run({ service, version, appPort: port, command })
}

beforeAll(async () => {
  // A developer's shell that points to a mesh in production: nothing here may reach it.
  for (const name of ['HEDDLE_URL', 'HEDDLE_CONTROL']) vi.stubEnv(name, 'https://mesh.invalid')
  for (const name of ['HEDDLE_TOKEN', 'HEDDLE_JOIN_TOKEN']) vi.stubEnv(name, 'of another mesh')
  for (const name of ['DATABASE_URL', 'CONSOLE_DATABASE_URL']) vi.stubEnv(name, 'postgresql://mesh.invalid/heddle')
  mesh = await startMesh()
  await Promise.all([startApp('catalog', 'v1'), startApp('catalog', 'v2'), startApp('payments', 'v1')])
  ;[caller, stranger] = await Promise.all([mesh.run({ service: 'checkout' }), mesh.run({ service: 'stranger' })])
}, 300_000)
afterAll(async () => {
  vi.unstubAllEnvs()
  await mesh[Symbol.asyncDispose]()
}, 60_000)

const from = (service: MeshService, rest: Omit<Call, 'port'>): Call => ({ port: service.proxy.outbound, ...rest })

/** The call's answer once it is the one that the config just applied asks for. */
const settled = (what: string, request: Call, status: number): Promise<true> =>
  eventually(what, async () => ((await call(request)).status === status ? true : undefined))

// Weights are kept to within one point, also over a small sample.
test('75/25 over two versions: of 4,000 requests the share is within one point', async () => {
  await mesh.apply(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: catalog }
spec:
  parentRefs: [{ kind: Service, name: catalog }]
  rules:
    - name: all
      backendRefs: [{ name: catalog-v1, weight: 75 }, { name: catalog-v2, weight: 25 }]
`)
  await eventually('the split is in force', async () => {
    const names = await Promise.all(
      Array.from({ length: 20 }, () => call(from(caller, { host: 'catalog', path: '/' }))),
    )
    return names.filter(({ body }) => body.includes('catalog-v2')).length === 5 ? true : undefined
  })
  const { answers, failed } = await load({
    rate: 400,
    durationMs: 10_000,
    next: () => from(caller, { host: 'catalog', path: '/' }),
  })
  expect(describeFailures(failed)).toBe('')
  const toV2 = answers.filter(({ body }) => body.includes('"catalog-v2"')).length
  expect(answers.length).toBeGreaterThanOrEqual(3_900)
  expect(Math.abs(toV2 / answers.length - 0.25)).toBeLessThan(0.01)
})

// A derived name skips the split and reaches just its version.
test('catalog-v2 as a host reaches only v2', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call(from(caller, { host: 'catalog-v2', path: '/' }))),
  )
  expect(answers.every(({ status, body }) => status === 200 && body.includes('"catalog-v2"'))).toBe(true)
})

const retriesOf = async (route: string): Promise<{ made: number; skipped: Record<string, number | undefined> }> => {
  const { rows } = statRoutesOutputSchema.parse(await mesh.json(['stat', 'routes', 'payments', '--window', '5m']))
  const sums = { made: 0, skipped: {} as Record<string, number | undefined> }
  for (const row of rows.filter((r) => r.route === route)) {
    sums.made += row.retries.made
    for (const [reason, n] of Object.entries(row.retries.skipped))
      sums.skipped[reason] = (sums.skipped[reason] ?? 0) + (n ?? 0)
  }
  return sums
}
const countsOf = async (): Promise<Record<string, number>> =>
  JSON.parse((await call(from(caller, { host: 'payments', path: '/count' }))).body)

// Retries lift the success rate of a route that fails for one call in five, and nothing is repeated that must not be.
test('retries lift a flaky GET and never repeat a POST', async () => {
  await mesh.apply(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: payments }
spec:
  parentRefs: [{ kind: Service, name: payments }]
  rules:
    - name: flaky
      matches: [{ path: { value: /flaky } }]
      retry: { codes: [503], attempts: 2 }
    - name: failing
      matches: [{ path: { value: /status } }]
      retry: { codes: [503], attempts: 2 }
    - name: rest
`)
  await settled('the route is in force', from(caller, { host: 'payments', path: '/flaky?percent=0' }), 200)
  const before = await countsOf()
  const gets = await load({
    rate: 40,
    durationMs: 5_000,
    next: () => from(caller, { host: 'payments', path: '/flaky?percent=20' }),
  })
  expect(describeFailures(gets.failed)).toBe('')
  const posts = await load({
    rate: 40,
    durationMs: 2_500,
    next: () => from(caller, { host: 'payments', path: '/flaky?percent=20', method: 'POST', body: 'x' }),
  })
  const after = await countsOf()
  expect((after['POST /flaky'] ?? 0) - (before['POST /flaky'] ?? 0)).toBe(posts.answers.length)
  expect(posts.failed.length).toBeGreaterThan(0)
  const { made, skipped } = await eventually(
    'the counts have arrived',
    async () => {
      const counted = await retriesOf('payments/flaky')
      return (counted.skipped.not_retryable ?? 0) >= posts.failed.length && counted.made > 0 ? counted : undefined
    },
    60_000,
  )
  expect(made).toBeGreaterThanOrEqual(gets.answers.length * 0.15)
  expect(skipped.not_retryable).toBe(posts.failed.length)
}, 120_000)

// A service that fails always gets at most 20 % + 10/s more than it is asked; what was not repeated says why.
test('the retry budget bounds the extra load', async () => {
  const before = (await countsOf())['GET /status/503'] ?? 0
  const { answers, elapsedMs } = await load({
    rate: 100,
    durationMs: 6_000,
    next: () => from(caller, { host: 'payments', path: '/status/503' }),
  })
  const received = ((await countsOf())['GET /status/503'] ?? 0) - before
  // The budget is a window of 10 s: what it holds at the start may be spent at once.
  const allowed = answers.length * 0.2 + 10 * (elapsedMs / 1_000 + 10)
  expect(received - answers.length).toBeGreaterThan(0)
  expect(received - answers.length).toBeLessThanOrEqual(allowed)
  const { skipped } = await eventually(
    'the counts have arrived',
    async () => {
      const counted = await retriesOf('payments/failing')
      return (counted.skipped.budget_exhausted ?? 0) > 0 ? counted : undefined
    },
    60_000,
  )
  expect(skipped.budget_exhausted).toBeGreaterThan(0)
  const metrics = await (await fetch(`http://127.0.0.1:${caller.proxy.admin}/metrics`)).text()
  expect(metrics).toMatch(/reason="budget_exhausted"/)
}, 120_000)

const rule = (mode: string): string => `
apiVersion: heddle.dev/v1
kind: AccessRule
metadata: { name: no-charge-by-strangers }
spec:
  target: { service: payments }
  action: Deny
  mode: ${mode}
  from: [{ service: stranger }]
  to: [{ paths: [{ type: PathPrefix, value: /admin }] }]
`

// The denial names its rule, and no spelling of the path gets around it (research list, E 66 and 67).
test('a Deny rule turns the call into 403 naming the rule, whatever the spelling', async () => {
  await mesh.apply(rule('enforce'))
  const denied = { host: 'payments', path: '/admin' }
  await settled('the rule is in force', from(stranger, denied), 403)
  const answer = await call(from(stranger, denied))
  expect(answer.body).toContain('no-charge-by-strangers')
  expect((await call(from(caller, denied))).status).toBe(200)
  const tricks = [
    '//admin',
    '/./admin',
    '/x/../admin',
    '/%61dmin',
    '/admin%2f',
    '/%2e%2e/admin',
    '/x/..%2fadmin',
    '/..%5cadmin',
    '/\\admin',
    '/admin;x=1',
    '/admin/',
    '/admin?',
    '/x/%2e%2e/admin',
    '/%252e%252e/admin',
    '/x%252f..%252fadmin',
    '/%2561dmin',
    '/.;/admin',
    '/x/..;/admin',
    '//admin//',
    '/admin%3b',
    '/%2fadmin',
    '/x/y/../../admin',
    '/admin/%2e%2e/admin',
  ]
  for (const path of tricks)
    expect([path, [400, 403].includes((await call(from(stranger, { host: 'payments', path }))).status)]).toEqual([
      path,
      true,
    ])
  for (const path of ['/admin%00', '/admin#x', '/%ff%c0%af', '/%c0%afadmin'])
    expect([path, (await call(from(stranger, { host: 'payments', path }))).status]).not.toEqual([path, 0])
  for (const host of ['payments.mesh', 'PAYMENTS', 'payments:80', 'payments:8080', 'payments-v1'])
    expect([host, (await call(from(stranger, { host, path: '/admin' }))).status]).toEqual([host, 403])
})

// Audit counts what a rule would do and lets everything pass.
test('in audit mode the same rule counts and lets pass', async () => {
  await mesh.apply(rule('audit'))
  await settled('the rule only audits', from(stranger, { host: 'payments', path: '/admin' }), 200)
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => call(from(stranger, { host: 'payments', path: '/admin' }))),
  )
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  const payments = (await mesh.status()).proxies.find((proxy) => proxy.service === 'payments')
  const metrics = await (await fetch(`http://127.0.0.1:${payments?.admin}/metrics`)).text()
  expect(metrics).toMatch(
    /rule="no-charge-by-strangers".*audit_would_deny|audit_would_deny.*rule="no-charge-by-strangers"/,
  )
})

// apply is declarative: what is applied twice is unchanged, and mistakes change nothing and are all named with their line.
test('apply says what it did, and refuses a file with mistakes whole', async () => {
  expect(await mesh.apply(rule('audit'))).toContain('unchanged')
  const wrong = `${rule('enforce')}---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: catalog }
spec:
  parentRefs: [{ kind: Service, name: catlog }]
  rules:
    - backendRefs: [{ name: catalog-v1, weight: -1 }, { name: catalog-v2, weight: 0.5 }]
`
  const { code, stdout, stderr } = await mesh.heddle(['apply', '-f', '-'], { input: wrong })
  expect(code).toBe(1)
  expect(stdout + stderr).toMatch(/:18:.*negative/)
  expect(stdout + stderr).toMatch(/:18:.*whole/)
  expect(await mesh.ok(['get', 'accessrule', 'no-charge-by-strangers', '-o', 'yaml'])).toContain('mode: audit')
})

// Both the change and its undoing are under changes, with the name of who made them.
test('changes are listed, and revert is one of them', async () => {
  const list = (await mesh.json(['changes'])) as { changes: { revision: number; summary: string }[] }
  const newest = list.changes[0]
  await mesh.ok(['revert', `${newest?.revision}`])
  const after = (await mesh.json(['changes'])) as { changes: { reverts: number | null }[] }
  expect(after.changes[0]?.reverts).toBe(newest?.revision)
})

// The names and numbers of the machine interface are frozen.
test('stat services has every service with its numbers', async () => {
  const stat = (await mesh.json(['stat', 'services', '--window', '5m'])) as {
    window: string
    rows: { service: string; requests: number; successRate: number | null }[]
  }
  const byName = new Map(stat.rows.map((row) => [row.service, row]))
  expect(byName.get('catalog')?.requests).toBeGreaterThan(4_000)
  expect(byName.get('stranger')).toMatchObject({ requests: 0, successRate: null })
})
