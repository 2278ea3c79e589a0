// Joining, over real TLS and a real database.
import { X509Certificate } from 'node:crypto'
import { findIssued, listInstances, loadConfig, revoke, revokeJoinToken } from '@heddle/db'
import { systemClock } from '@heddle/shared/clock'
import { expect, test } from 'vitest'
import { codeOf, join, post, tryJoin } from './support/joinClient.ts'
import { greedyKey, newKey, p384Key, rsaKey, stolenKey } from './support/keys.ts'
import { startTestControl } from './support/testControl.ts'

// What a certificate says follows from the token and the request's names, never from the certificate request.
test('a join gives a leaf for the instance and makes the service', async () => {
  await using mesh = await startTestControl()
  const token = await mesh.token('catalog')
  const { status, credentials } = await tryJoin(mesh, {
    token,
    service: 'catalog',
    version: 'v2',
    key: await greedyKey(),
  })
  expect(status).toBe(200)
  if (credentials === undefined) return
  const leaf = new X509Certificate(credentials.chain)
  expect(leaf.subjectAltName).toBe(
    `URI:spiffe://test.heddle/service/catalog, DNS:${credentials.instance}, DNS:catalog.mesh, DNS:v2.catalog.mesh`,
  )
  expect(leaf.ca).toBe(false)
  expect(leaf.subject).toBeFalsy()
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
  const lifetimeMs = leaf.validToDate.getTime() - leaf.validFromDate.getTime()
  expect(lifetimeMs).toBe(24 * 3_600_000 + 5 * 60_000)
  const config = await loadConfig(mesh.db)
  expect(config.resources.map(({ resource }) => `${resource.kind}/${resource.metadata.name}`)).toContain(
    'Service/catalog',
  )
  expect((await findIssued(mesh.db, credentials.instance))?.service).toBe('catalog')
  expect(await listInstances(mesh.db)).toEqual([])
})

// Every join that is not right is refused with a code and a sentence, and leaves nothing behind.
test('joins that are not right are refused', async () => {
  await using mesh = await startTestControl()
  const token = await mesh.token('catalog', 100)
  const good = { token, service: 'catalog' }
  const refused = async (input: Partial<Parameters<typeof tryJoin>[1]>) => {
    const answer = await tryJoin(mesh, { ...good, ...input })
    return [answer.status, codeOf(answer)]
  }
  expect(await refused({ token: 'heddle.x' })).toEqual([401, 'token_malformed'])
  expect(await refused({ token: token.replace(/^heddle\.[a-z0-9]{12}/, 'heddle.aaaaaaaaaaaa') })).toEqual([
    401,
    'token_unknown',
  ])
  expect(await refused({ token: await mesh.token('payments') })).toEqual([401, 'token_wrong_service'])
  expect(await refused({ key: await rsaKey() })).toEqual([400, 'bad_request'])
  expect(await refused({ key: await p384Key() })).toEqual([400, 'bad_request'])
  expect(await refused({ key: await stolenKey() })).toEqual([400, 'bad_request'])
  expect(await refused({ key: { pem: '', csr: 'nonsense' } })).toEqual([400, 'bad_request'])
  expect(await refused({ instance: 'payments-v1-0-abcd' })).toEqual([400, 'instance_name'])
  expect(await refused({ service: 'Catalog' })).toEqual([400, 'malformed'])
  expect((await loadConfig(mesh.db)).resources.filter(({ resource }) => resource.kind === 'Service')).toEqual([])
})

// A token is good for as many keys as it says, until it expires or is revoked; the same key again spends no use.
test('uses, expiry and revocation of a token', async () => {
  await using mesh = await startTestControl()
  const once = await mesh.token('catalog', 1)
  const key = await newKey()
  const first = await tryJoin(mesh, { token: once, service: 'catalog', key, instance: 'catalog-v1-0-abcd' })
  expect(first.status).toBe(200)
  const again = await tryJoin(mesh, { token: once, service: 'catalog', key, instance: 'catalog-v1-0-abcd' })
  expect(again.status).toBe(200)
  expect(codeOf(await tryJoin(mesh, { token: once, service: 'catalog' }))).toBe('token_used_up')
  const revoked = await mesh.token('catalog')
  await revokeJoinToken(mesh.db, { id: revoked.split('.')[1] ?? '', actor: 'test' })
  expect(codeOf(await tryJoin(mesh, { token: revoked, service: 'catalog' }))).toBe('token_revoked')
  const expired = await mesh.token('catalog')
  await mesh.db.pool.query("UPDATE join_token SET expires_at = clock_timestamp() - interval '1 second'")
  expect(codeOf(await tryJoin(mesh, { token: expired, service: 'catalog' }))).toBe('token_expired')
})

// An instance id belongs to the key that got it first: another key cannot answer to it, with whatever token.
test('an instance cannot be taken over', async () => {
  await using mesh = await startTestControl()
  const token = await mesh.token('catalog')
  const instance = 'catalog-v1-0-abcd'
  expect((await tryJoin(mesh, { token, service: 'catalog', instance })).status).toBe(200)
  const taken = await tryJoin(mesh, { token, service: 'catalog', instance })
  expect([taken.status, codeOf(taken)]).toEqual([409, 'instance_taken'])
  const other = await tryJoin(mesh, {
    token: await mesh.token('catalog-v1'),
    service: 'catalog-v1',
    version: '0',
    instance: 'catalog-v1-0-abcd',
  })
  expect(other.status).toBe(409)
})

// Service names and derived names are one set.
test('a derived name that is taken is refused', async () => {
  await using mesh = await startTestControl()
  await join(mesh, 'catalog', 'v2')
  const clash = await tryJoin(mesh, { token: await mesh.token('catalog-v2'), service: 'catalog-v2' })
  expect([clash.status, codeOf(clash)]).toEqual([409, 'name_taken'])
})

// What is revoked gets no certificate.
test('a revoked service cannot join', async () => {
  await using mesh = await startTestControl()
  await revoke(mesh.db, { kind: 'service', name: 'catalog', reason: 'test', actor: 'test' })
  const answer = await tryJoin(mesh, { token: await mesh.token('catalog'), service: 'catalog' })
  expect([answer.status, codeOf(answer)]).toEqual([403, 'revoked'])
})

// Guessing tokens is slowed down, and does not keep another address from joining (here: the limit is per address).
test('wrong tokens are limited', async () => {
  // Time stands still, or a slow machine would be forgiven while it tries.
  await using mesh = await startTestControl({ clock: { now: systemClock.now, monotonic: () => 0 } })
  const wrong = { token: 'heddle.x', service: 'catalog' }
  for (let i = 0; i < 30; i++) await tryJoin(mesh, wrong)
  const answer = await tryJoin(mesh, wrong)
  expect([answer.status, codeOf(answer)]).toEqual([429, 'too_many_attempts'])
})

// Attempts that come together are limited like those that come one by one, whatever they are refused for.
test('parallel attempts are limited', async () => {
  await using mesh = await startTestControl({ clock: { now: systemClock.now, monotonic: () => 0 } })
  const token = await mesh.token('catalog', 100)
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      tryJoin(mesh, {
        token: n % 2 === 0 ? 'heddle.x' : token,
        service: 'catalog',
        instance: n % 2 === 0 ? 'catalog-v1-0-abcd' : 'x',
      }),
    ),
  )
  expect(answers.filter(({ status }) => status === 401 || status === 400)).toHaveLength(30)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
})

// Whatever comes in over the HTTP side gets a plain answer.
test('nonsense is refused', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  expect((await post(port, '/v1/join', 'not json')).status).toBe(400)
  expect((await post(port, '/v1/join', { __proto__: 1, token: 'x' })).status).toBe(400)
  expect((await post(port, '/v1/join', 'x'.repeat(40_000))).status).toBe(413)
  expect((await post(port, '/v1/nothing', {})).status).toBe(404)
})
