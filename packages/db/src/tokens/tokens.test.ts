import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeAuthority } from '../authority/authority.ts'
import { listChanges } from '../changes/history.ts'
import type { Database } from '../connection/database.ts'
import { NotFoundError } from '../errors.ts'
import { createTestDatabase, startTogether, type TestDatabase } from '../testing.ts'
import {
  createApiToken,
  ensureApiToken,
  listApiTokens,
  newApiToken,
  revokeApiToken,
  verifyApiToken,
} from './apiTokens.ts'
import { consumeConsoleSecret, storeConsoleSecret } from './consoleSecret.ts'
import { createJoinToken, listJoinTokens, redeemJoinToken, revokeJoinToken } from './joinTokens.ts'
import { consumeSetupToken, createSetupToken, peekSetupToken } from './setupTokens.ts'

let database: TestDatabase
let db: Database
const actor = 'ada'
const HOUR_MS = 3_600_000
const rootSha256 = 'r'.repeat(43)

beforeAll(async () => {
  database = await createTestDatabase()
  db = database.db
  await expect(createJoinToken(db, { service: 'catalog', uses: 1, ttlMs: HOUR_MS, actor })).rejects.toThrow(
    NotFoundError,
  )
  const certificate = {
    id: rootSha256,
    kind: 'root',
    pem: 'PEM',
    parentId: null,
    state: 'active',
    notBefore: 0,
    notAfter: 1,
  } as const
  const certificates = [{ ...certificate, sealedKey: new Uint8Array([1, 2, 3]) }]
  await db.transaction((tx) => storeAuthority(tx, { actor, certificates }))
})
afterAll(() => database[Symbol.asyncDispose]())

const redeem = (token: string, keySha256: string, service = 'catalog') =>
  db.transaction((tx) => redeemJoinToken(tx, { token, service, instance: `i-${keySha256}`, keySha256 }))
const newJoinToken = (uses = 1) => createJoinToken(db, { service: 'catalog', uses, ttlMs: HOUR_MS, actor })

// A token admits as many keys as it has uses; a key that joined before joins again for nothing.
test('uses are spent by keys, not by joins', async () => {
  const { id, token } = await newJoinToken(2)
  expect(token).toMatch(new RegExp(`^heddle\\.${id}\\..{43}\\.${rootSha256}$`))
  expect(await redeem(token, 'a')).toEqual({ ok: true, tokenId: id })
  expect(await redeem(token, 'a')).toMatchObject({ ok: true })
  expect(await redeem(token, 'b')).toMatchObject({ ok: true })
  expect(await redeem(token, 'c')).toMatchObject({ ok: false, reason: 'used_up' })
  expect(await redeem(token, 'b')).toMatchObject({ ok: true })
  expect((await listJoinTokens(db)).find((row) => row.id === id)).toMatchObject({ uses: 2, used: 2, revoked: false })
})

// Else one use would admit any number of instances, and a revoked one would come back under another name.
test('a key that joined is one instance', async () => {
  const { token } = await newJoinToken(1)
  const joinAs = (instance: string) =>
    db.transaction((tx) => redeemJoinToken(tx, { token, service: 'catalog', instance, keySha256: 'a' }))
  expect(await joinAs('catalog-v1-1-aaaa')).toMatchObject({ ok: true })
  expect(await joinAs('catalog-v1-2-bbbb')).toMatchObject({ ok: false, reason: 'other_instance' })
  expect(await joinAs('catalog-v1-1-aaaa')).toMatchObject({ ok: true })
})

// Of many that come for the last use at the same time, one gets it.
test('the last use is spent once', async () => {
  const { token } = await newJoinToken(1)
  const redemptions = ['a', 'b', 'c'].map((key) => () => redeem(token, key))
  const results = await startTogether(database, 'SELECT FROM join_token FOR UPDATE', redemptions)
  expect(results.filter((result) => result.status === 'fulfilled' && result.value.ok)).toHaveLength(1)
  expect(results.filter((result) => result.status === 'rejected')).toEqual([])
})

// Expired, revoked, for another service, or not known: each refusal says which, and nothing is spent.
test('tokens that are no longer good are refused with the reason', async () => {
  const expired = await newJoinToken()
  await db.pool.query(`UPDATE join_token SET expires_at = now() - interval '1 s' WHERE id = $1`, [expired.id])
  expect(await redeem(expired.token, 'a')).toMatchObject({ ok: false, reason: 'expired' })
  const revoked = await newJoinToken()
  await revokeJoinToken(db, { id: revoked.id, actor })
  expect(await redeem(revoked.token, 'a')).toMatchObject({ ok: false, reason: 'revoked' })
  const good = await newJoinToken()
  expect(await redeem(good.token, 'a', 'cart')).toMatchObject({
    ok: false,
    reason: 'wrong_service',
    message: expect.stringContaining('"catalog"'),
  })
  const [, , secret = ''] = good.token.split('.')
  expect(await redeem(good.token.replace(secret, 'x'.repeat(43)), 'a')).toMatchObject({ ok: false, reason: 'unknown' })
  expect(await redeem('heddle.nonsense', 'a')).toMatchObject({ ok: false, reason: 'unknown' })
  expect(await redeem(good.token, 'a')).toMatchObject({ ok: true })
  await expect(revokeJoinToken(db, { id: 'nothing', actor })).rejects.toThrow(NotFoundError)
})

// Making and revoking tokens is audited; their secrets are neither there nor in any table.
test('secrets are never stored', async () => {
  const { id, token } = await newJoinToken()
  const api = await createApiToken(db, { name: 'ci', role: 'operator', ttlMs: null, actor })
  const setup = await createSetupToken(db, {
    purpose: 'first_admin',
    userName: null,
    role: 'admin',
    ttlMs: HOUR_MS,
    actor,
  })
  const summaries = (await listChanges(db, { limit: 5 })).map((change) => change.summary)
  expect(summaries).toEqual(
    expect.arrayContaining([`Join token ${id} for catalog created, good once`, 'API token "ci" (operator) created']),
  )
  const { rows } = await db.pool.query<{ everything: string }>(
    `SELECT string_agg(t, ' ') AS everything FROM (
       SELECT join_token::text AS t FROM join_token UNION ALL SELECT api_token::text FROM api_token
       UNION ALL SELECT setup_token::text FROM setup_token UNION ALL SELECT change::text FROM change) AS all_rows`,
  )
  for (const secret of [token.split('.')[2] ?? '', api.token.slice('heddle_api_'.length), setup.token]) {
    expect(secret).toHaveLength(43)
    expect(rows[0]?.everything).not.toContain(secret)
  }
})

// An API token gives its role until it is revoked or expires.
test('API tokens', async () => {
  const { id, token } = await createApiToken(db, { name: 'deploy', role: 'viewer', ttlMs: HOUR_MS, actor })
  expect(await verifyApiToken(db, token)).toEqual({ id, name: 'deploy', role: 'viewer' })
  expect((await listApiTokens(db)).find((row) => row.id === id)?.lastUsedAt).not.toBeNull()
  expect(await verifyApiToken(db, newApiToken())).toBeNull()
  expect(await verifyApiToken(db, 'heddle_api_')).toBeNull()
  await db.pool.query(`UPDATE api_token SET expires_at = now() - interval '1 s' WHERE id = $1`, [id])
  expect(await verifyApiToken(db, token)).toBeNull()
  await db.pool.query('UPDATE api_token SET expires_at = NULL WHERE id = $1', [id])
  await revokeApiToken(db, { id, actor })
  expect(await verifyApiToken(db, token)).toBeNull()
})

// `heddle up` writes one admin token; a new one replaces the old, and the same one again is no change.
test('ensureApiToken keeps one token of a name', async () => {
  const [first, second] = [newApiToken(), newApiToken()]
  const ensure = (token: string) => ensureApiToken(db, { name: 'this machine', role: 'admin', token, actor: 'up' })
  await ensure(first)
  const changes = (await listChanges(db, { limit: 1 }))[0]?.revision
  await ensure(first)
  expect((await listChanges(db, { limit: 1 }))[0]?.revision).toBe(changes)
  await ensure(second)
  expect(await verifyApiToken(db, first)).toBeNull()
  expect(await verifyApiToken(db, second)).toMatchObject({ role: 'admin' })
  expect(() => ensure('guessable')).toThrow(RangeError)
})

// A one-time link works once, not after its time, and not after a newer one for the same user.
test('setup tokens', async () => {
  const grant = { purpose: 'password_reset', userName: 'grace', role: null } as const
  const create = () => createSetupToken(db, { ...grant, ttlMs: HOUR_MS, actor })
  const consume = (token: string) => db.transaction((tx) => consumeSetupToken(tx, token))
  const older = await create()
  const { token } = await create()
  expect(await peekSetupToken(db, older.token)).toBeNull()
  expect(await peekSetupToken(db, token)).toEqual(grant)
  const both = await Promise.all([consume(token), consume(token)])
  expect(both.filter((result) => result !== null)).toEqual([{ ...grant, createdBy: actor }])
  const [made] = await listChanges(db, { limit: 1 })
  expect(made).toMatchObject({ actor, kind: 'user', summary: 'Made a password link for grace' })
  expect(await peekSetupToken(db, token)).toBeNull()
  const late = await create()
  await db.pool.query(
    `UPDATE setup_token SET expires_at = now() - interval '1 s' WHERE used_at IS NULL AND user_name = 'grace'`,
  )
  expect(await consume(late.token)).toBeNull()
})

// The console's enrolment secret is good once; a control plane's new one replaces its old one only.
test('console secrets', async () => {
  const consume = (secret: string) => db.transaction((tx) => consumeConsoleSecret(tx, secret))
  await storeConsoleSecret(db, { controlId: 'a', secret: 'one' })
  await storeConsoleSecret(db, { controlId: 'a', secret: 'two' })
  await storeConsoleSecret(db, { controlId: 'b', secret: 'three' })
  expect(await consume('one')).toBe(false)
  expect(await consume('two')).toBe(true)
  expect(await consume('two')).toBe(false)
  expect(await consume('three')).toBe(true)
})
