import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing.ts'
import { loadAuthority, loadOrMakeAuthority, type NewAuthority, publicCertificates } from './authority.ts'
import { findIssued, listIssued, recordIssued } from './issued.ts'

const newAuthority = (n: number): NewAuthority => ({
  actor: 'control',
  certificates: [
    {
      id: `root-${n}`,
      kind: 'root',
      pem: 'ROOT',
      parentId: null,
      state: 'active',
      notBefore: 1_000,
      notAfter: 2_000,
      sealedKey: new Uint8Array([n]),
    },
    {
      id: `issuer-${n}`,
      kind: 'issuer',
      pem: 'ISSUER',
      parentId: `root-${n}`,
      state: 'active',
      notBefore: 1_000,
      notAfter: 2_000,
      sealedKey: new Uint8Array([n, n]),
    },
  ],
})

// Of several control planes that start at once exactly one makes the authority, and all of them hold that one.
test('the authority is made once', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  expect(await loadAuthority(db)).toBeNull()
  let made = 0
  const held = await Promise.all(
    [1, 2, 3].map((n) =>
      loadOrMakeAuthority(db, async () => {
        made++
        return newAuthority(n)
      }),
    ),
  )
  expect(made).toBe(1)
  const ids = held.map((authority) => authority.certificates.map((certificate) => certificate.id).sort())
  expect(ids[1]).toEqual(ids[0])
  expect(ids[2]).toEqual(ids[0])
  const root = held[0]?.certificates.find((certificate) => certificate.kind === 'root')
  expect(held[0]?.sealedKeys.get(root?.id ?? '')).toHaveLength(1)
  expect((await publicCertificates(db)).map(({ pem }) => pem).sort()).toEqual(['ISSUER', 'ROOT'])
})

// A renewal replaces what is known of the instance's leaf.
test('the newest leaf of an instance is kept', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const issued = {
    instance: 'i',
    service: 's',
    serial: '01',
    keySha256: 'k',
    issuerId: 'issuer',
    notBefore: 1_000,
    notAfter: 2_000,
  }
  await recordIssued(db, issued)
  await db.transaction((tx) => recordIssued(tx, { ...issued, serial: '02', notAfter: 3_000 }))
  expect(await findIssued(db, 'i')).toEqual({ ...issued, serial: '02', notAfter: 3_000 })
  expect(await listIssued(db)).toHaveLength(1)
  expect(await findIssued(db, 'other')).toBeNull()
})
