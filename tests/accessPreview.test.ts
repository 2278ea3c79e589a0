// What a preview says of a rule, against what audit mode then counts of the same calls through the same proxies.
import { fileURLToPath } from 'node:url'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Call, call } from './harness/load.ts'
import { freePort, type Mesh, type MeshService, startMesh } from './harness/mesh.ts'

const app = fileURLToPath(new URL('./harness/app.ts', import.meta.url))
const CALLERS = ['checkout', 'returns', 'storefront'] as const
type Caller = (typeof CALLERS)[number]

let mesh: Mesh
const callers = new Map<Caller, MeshService>()

beforeAll(async () => {
  mesh = await startMesh()
  const port = await freePort()
  await mesh.run({ service: 'payments', appPort: port, command: [process.execPath, app, `${port}`, 'payments'] })
  for (const service of CALLERS) callers.set(service, await mesh.run({ service }))
  await mesh.apply(ROUTE)
}, 300_000)
afterAll(() => mesh[Symbol.asyncDispose](), 60_000)

const ROUTE = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: payments }
spec:
  parentRefs: [{ kind: Service, name: payments }]
  rules:
    - name: beta
      matches: [{ headers: [{ name: x-beta, value: "1" }] }]
    - name: rest
`

interface Made extends Omit<Call, 'port' | 'host'> {
  from: Caller
  times: number
}
const BETA = { headers: { 'x-beta': '1' } }
const MADE: readonly Made[] = [
  { from: 'checkout', method: 'POST', path: '/charge', times: 31 },
  { from: 'checkout', path: '/charges/1001', times: 7 },
  { from: 'checkout', path: '/charges/1002', times: 11 },
  { from: 'checkout', path: '/refunds', times: 5, ...BETA },
  { from: 'returns', method: 'POST', path: '/refunds', times: 17 },
  { from: 'returns', path: '/charges/1002', times: 13 },
  { from: 'returns', path: '/Refunds/..%2frefunds', times: 3 },
  { from: 'storefront', path: '/charges/1002', times: 19 },
  { from: 'storefront', path: '/', times: 2, ...BETA },
]
const TIMES = MADE.reduce((sum, { times }) => sum + times, 0)

/** All of the calls once, each answered by the application. */
async function makeCalls(): Promise<void> {
  for (const { from, times, ...made } of MADE)
    for (let i = 0; i < times; i++) {
      const port = callers.get(from)?.proxy.outbound ?? 0
      const { status, error } = await call({ port, host: 'payments', ...made })
      expect([made.path, status, error]).toEqual([made.path, 200, null])
    }
}

type Rule = Record<string, unknown> & { metadata: { name: string } }
const auditRule = (name: string, spec: Record<string, unknown>): Rule => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'AccessRule',
  metadata: { name },
  spec: { target: { service: 'payments' }, mode: 'audit', ...spec },
})
const under = (value: string, methods?: string[]) => ({
  to: [{ ...(methods && { methods }), paths: [{ type: 'PathPrefix', value }] }],
})

const affectedSchema = z.object({
  calls: z.number(),
  rows: z.array(z.object({ source: z.string(), calls: z.number() })),
})
const replaySchema = z.object({
  denied: affectedSchema,
  admitted: affectedSchema,
  unknown: affectedSchema,
  unchanged: z.number(),
})
type Replay = z.infer<typeof replaySchema>

const preview = async (rule: Rule): Promise<Replay> =>
  (await mesh.ask('query', 'access.preview', { rule }, z.object({ replay: replaySchema }))).replay
const seen = ({ denied, admitted, unknown, unchanged }: Replay): number =>
  denied.calls + admitted.calls + unknown.calls + unchanged

const byCaller = (rows: readonly { source: string; calls: number }[]): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const { source, calls } of rows) sums[source] = (sums[source] ?? 0) + calls
  return sums
}

const hitsSchema = z.object({
  range: z.object({ to: z.number() }),
  rules: z.record(
    z.string(),
    z.object({
      hits: z.record(z.string(), z.number()),
      callers: z.array(z.object({ source: z.string(), denied: z.number() })).default([]),
    }),
  ),
})
const readHits = () => mesh.ask('query', 'access.hits', { range: { lastMs: 3_600_000 } }, hitsSchema)

/** What the service's own side has reported is complete, and with it the hits, which come in the same reports. */
const reported = (calls: number): Promise<true> =>
  eventually(
    `${calls} calls are recorded`,
    async () =>
      seen(await preview(auditRule('any', { action: 'Deny', from: [{ service: 'returns' }] }))) === calls
        ? true
        : undefined,
    60_000,
  )

/** Each with what it predicts, reckoned by hand from MADE. */
const EXACT: readonly { rule: Rule; wouldDeny: Record<string, number> }[] = [
  {
    rule: auditRule('no-reading-by-returns', { action: 'Deny', from: [{ service: 'returns' }], ...under('/charges') }),
    wouldDeny: { returns: 13 },
  },
  {
    // In either reading of the path, whatever its spelling.
    rule: auditRule('no-refunds', { action: 'Deny', from: [{ any: 'authenticated' }], ...under('/refunds') }),
    wouldDeny: { checkout: 5, returns: 20 },
  },
  {
    rule: auditRule('only-checkout', { action: 'Allow', from: [{ service: 'checkout' }] }),
    wouldDeny: { returns: 33, storefront: 21 },
  },
  {
    rule: auditRule('only-charges', {
      action: 'Allow',
      from: [{ service: 'checkout' }, { service: 'storefront' }],
      ...under('/charge', ['POST']),
    }),
    wouldDeny: { checkout: 23, returns: 33, storefront: 21 },
  },
]

/** What the preview cannot tell, and what audit mode then counts. */
const UNKNOWN: readonly { rule: Rule; unknown: number; wouldDeny: Record<string, number> }[] = [
  {
    // Recorded paths have `*` for an id.
    rule: auditRule('no-1001', {
      action: 'Deny',
      from: [{ service: 'checkout' }],
      to: [{ paths: [{ type: 'Exact', value: '/charges/1001' }] }],
    }),
    unknown: 7 + 11,
    wouldDeny: { checkout: 7 },
  },
  {
    // Headers are not recorded, and the routes have changed within the hours that the preview reads.
    rule: auditRule('no-beta', {
      target: { service: 'payments', route: 'payments/beta' },
      action: 'Deny',
      from: [{ any: 'authenticated' }],
    }),
    unknown: TIMES,
    wouldDeny: { checkout: 5, storefront: 2 },
  },
]

// The promise of the rule editor: where the preview says yes or no, audit mode counts exactly that, of the same calls, for
// every caller; where it cannot tell, what is counted lies within what it could not tell.
test('audit mode counts what the preview said, caller by caller', async () => {
  await makeCalls()
  await reported(TIMES)
  for (const { rule, wouldDeny } of EXACT) {
    const { denied, admitted, unknown } = await preview(rule)
    expect([rule.metadata.name, byCaller(denied.rows)]).toEqual([rule.metadata.name, wouldDeny])
    expect([admitted.calls, unknown.calls]).toEqual([0, 0])
  }
  for (const { rule, unknown } of UNKNOWN)
    expect(await preview(rule)).toMatchObject({
      denied: { calls: 0 },
      admitted: { calls: 0 },
      unknown: { calls: unknown },
    })

  const rules = [...EXACT, ...UNKNOWN]
  for (const { rule } of rules) await mesh.ask('mutation', 'access.save', { rule, resourceVersion: null }, z.unknown())
  await eventually('the rules are in force', async () => {
    const { configVersion, proxies } = await mesh.status()
    return proxies.every((proxy) => proxy.configVersion === configVersion) ? true : undefined
  })
  await makeCalls()
  await reported(2 * TIMES)
  const reportedAt = Date.now()
  const { rules: found } = await eventually(
    'the pages show the time of the last call',
    async () => {
      const read = await readHits()
      return read.range.to > reportedAt ? read : undefined
    },
    60_000,
  )
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, n) => total + n, 0)
  const counted = ({ metadata: { name } }: Rule) => {
    const { hits, callers } = found[name] ?? { hits: {}, callers: [] }
    return { denied: Object.fromEntries(callers.map(({ source, denied }) => [source, denied])), total: sum(hits) }
  }
  for (const { rule, wouldDeny } of rules)
    expect([rule.metadata.name, counted(rule)]).toEqual([
      rule.metadata.name,
      { denied: wouldDeny, total: sum(wouldDeny) },
    ])
}, 180_000)
