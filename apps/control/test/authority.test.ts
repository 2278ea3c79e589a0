// The certificate authority over a real database: made once, sealed by its key file, never made again in silence.
import { X509Certificate } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, loadAuthority } from '@heddle/db'
import { createTestDatabase } from '@heddle/db/testing'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { openAuthority } from '../src/ca/authority.ts'
import { makeLeaf } from '../src/ca/certificates.ts'
import { newKeyPair } from '../src/ca/keys.ts'
import { trustedIssuers, verifyPeer } from '../src/ca/peer.ts'
import { readCertificateRequest } from '../src/ca/request.ts'
import { errorText } from '../src/log.ts'
import { newKey } from './support/keys.ts'

const DAY_MS = 24 * 3_600_000
const trustDomain = 'test.heddle'

async function place() {
  const owned = new AsyncDisposableStack()
  const { db } = owned.use(await createTestDatabase())
  const directory = await mkdtemp(join(tmpdir(), 'heddle-ca-'))
  owned.defer(() => rm(directory, { recursive: true, force: true }))
  return { db, keyFile: join(directory, 'control', 'ca.key'), [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
const open = (at: { db: Database; keyFile: string }, clock = new FakeClock(Date.now()), td = trustDomain) =>
  openAuthority({ ...at, trustDomain: td, clock, log: () => {} })
const failure = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => errorText(error),
  )
const spki = async () => {
  const key = await readCertificateRequest((await newKey()).csr)
  if ('refused' in key) throw new Error(key.refused)
  return key.spki
}

// Root → issuer → leaf on P-256, for ten years, one year and as long as asked; the leaf is what was asked for.
test('the chain is as the design says', async () => {
  await using at = await place()
  const authority = await open(at)
  const root = new X509Certificate(authority.roots()[0] ?? '')
  const leaf = await authority.issue({ kind: 'console' }, await spki(), 3_600_000)
  const [leafPem, issuerPem] = leaf.chain.split(/(?<=-----END CERTIFICATE-----)\n/)
  const issuer = new X509Certificate(issuerPem ?? '')
  expect(new X509Certificate(leafPem ?? '').verify(issuer.publicKey)).toBe(true)
  expect(issuer.verify(root.publicKey)).toBe(true)
  const days = (c: X509Certificate) => Math.round((c.validToDate.getTime() - c.validFromDate.getTime()) / DAY_MS)
  expect([days(root), days(issuer)]).toEqual([3_650, 365])
  expect([root.ca, issuer.ca]).toEqual([true, true])
  for (const { publicKey } of [root, issuer]) expect(publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
  expect((await stat(at.keyFile)).mode & 0o777).toBe(0o600)
})

// Several control planes that start at once share one authority, and the next start finds it again.
test('it is made once', async () => {
  await using at = await place()
  const first = await open(at)
  const others = await Promise.all([open(at), open(at)])
  expect(new Set([first, ...others].map((authority) => authority.rootSha256())).size).toBe(1)
})

// Who has the database alone, or the key file alone, has no key; a blob put in another's place does not open.
test('keys are sealed', async () => {
  await using at = await place()
  await open(at)
  const stored = await loadAuthority(at.db)
  for (const sealed of stored?.sealedKeys.values() ?? [])
    await expect(
      crypto.subtle.importKey('pkcs8', new Uint8Array(sealed), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']),
    ).rejects.toThrow()
  await at.db.pool.query(
    'UPDATE ca.sealed_key SET sealed = (SELECT sealed FROM ca.sealed_key other WHERE other.certificate_id <> ca.sealed_key.certificate_id)',
  )
  expect(await failure(open(at))).toContain('does not open')
})

// A lost or damaged key file is an error that says what to do, never the reason for a new root in silence.
test('a lost key file makes no new root', async () => {
  await using at = await place()
  const { rootSha256 } = await open(at)
  const key = await readFile(at.keyFile)
  await rm(at.keyFile)
  expect(await failure(open(at))).toMatch(/is missing\. Restore that file/)
  await writeFile(at.keyFile, key.subarray(1))
  expect(await failure(open(at))).toContain('is damaged')
  await writeFile(at.keyFile, Buffer.alloc(32, 7))
  expect(await failure(open(at))).toMatch(/Restore the key file.*does not open/)
  await writeFile(at.keyFile, key)
  await chmod(at.keyFile, 0o600)
  expect((await open(at)).rootSha256()).toBe(rootSha256())
})

// A mesh has one trust domain for good.
test('another trust domain is an error', async () => {
  await using at = await place()
  await open(at)
  expect(await failure(open(at, new FakeClock(Date.now()), 'other.heddle'))).toContain('HEDDLE_TRUST_DOMAIN')
})

// Long before an issuer ends the next one signs, under the same root; leaves of both are believed.
test('issuers follow one another', async () => {
  await using at = await place()
  const clock = new FakeClock(Date.now())
  const authority = await open(at, clock)
  const before = await authority.issue({ kind: 'console' }, await spki(), 300 * DAY_MS)
  await authority.refresh()
  expect(authority.issuers()).toHaveLength(1)
  clock.advance(250 * DAY_MS)
  await authority.refresh()
  await authority.refresh()
  expect(authority.issuers()).toHaveLength(2)
  const after = await authority.issue({ kind: 'console' }, await spki(), DAY_MS)
  expect(after.issuerId).not.toBe(before.issuerId)
  expect(authority.roots()).toHaveLength(1)
  for (const { chain } of [before, after])
    expect(verifyPeer(new X509Certificate(chain).raw, authority.issuers(), trustDomain, clock.now())).toMatchObject({
      name: { kind: 'console' },
    })
})

// A leaf never outlives its issuer.
test('a leaf ends with its issuer at the latest', async () => {
  await using at = await place()
  const clock = new FakeClock(Date.now())
  const authority = await open(at, clock)
  const leaf = await authority.issue({ kind: 'console' }, await spki(), 10_000 * DAY_MS)
  expect(leaf.notAfter).toBeLessThanOrEqual(clock.now() + 365 * DAY_MS)
})

// Another mesh's leaf is not ours, whatever it says.
test('a leaf of another authority is refused', async () => {
  await using here = await place()
  await using there = await place()
  const ours = await open(here)
  const theirs = await open(there)
  const leaf = await theirs.issue({ kind: 'control', hosts: [] }, await spki(), DAY_MS)
  const der = new X509Certificate(leaf.chain).raw
  expect(verifyPeer(der, ours.issuers(), trustDomain, Date.now())).toEqual({
    refused: 'the client certificate was not issued by this mesh',
  })
  const issuer = new X509Certificate(ours.roots()[0] ?? '').raw
  expect(verifyPeer(issuer, trustedIssuers(ours.roots()), trustDomain, Date.now())).toEqual({
    refused: 'the client certificate is an authority',
  })
})

// Whoever writes our issuer's name and key id into a leaf of their own has not our issuer's signature.
test('a forged leaf is refused', async () => {
  await using at = await place()
  const authority = await open(at)
  const { chain } = await authority.issue({ kind: 'console' }, await spki(), DAY_MS)
  const issuer = chain.split(/(?<=-----END CERTIFICATE-----)\n/)[1] ?? ''
  const now = Date.now()
  const forged = await makeLeaf(
    trustDomain,
    { certificate: issuer, privateKey: (await newKeyPair()).privateKey },
    { kind: 'console' },
    await spki(),
    { notBefore: now - 1_000, notAfter: now + DAY_MS },
  )
  const der = new X509Certificate(forged).raw
  expect(new X509Certificate(forged).checkIssued(new X509Certificate(issuer))).toBe(true)
  expect(verifyPeer(der, authority.issuers(), trustDomain, now)).toEqual({
    refused: 'the client certificate was not issued by this mesh',
  })
})
