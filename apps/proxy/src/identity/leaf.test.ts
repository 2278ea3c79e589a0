import { X509Certificate } from 'node:crypto'
import { createAuthority, type LeafOptions } from '@heddle/testkit/certificates'
import { expect, test } from 'vitest'
import { EXTENDED_USAGE, type OddLeaf, oddLeaf, USAGE } from '../../test/oddLeaf.ts'
import { readLeaf } from './leaf.ts'

const TRUST_DOMAIN = 'test.heddle'
const GOOD = `spiffe://${TRUST_DOMAIN}/service/catalog`
const DAY_MS = 24 * 3_600_000
const authority = await createAuthority(TRUST_DOMAIN)

const derOf = async (options: LeafOptions) => new X509Certificate((await authority.leaf(options)).certificate).raw

// A leaf of the mesh gives service, instance, dates and the hash that x-forwarded-client-cert carries.
test('reads a good leaf', async () => {
  const der = await derOf({ uris: [GOOD], dns: ['catalog-v1-1-abcd', 'catalog.mesh'] })
  expect(readLeaf(der, TRUST_DOMAIN, Date.now())).toMatchObject({
    identity: { kind: 'service', service: 'catalog' },
    spiffeId: GOOD,
    instance: 'catalog-v1-1-abcd',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

// The table of what is no identity, though an authority that we trust may have signed it.
test.each<[string, LeafOptions, RegExp]>([
  ['two URI SANs', { uris: [GOOD, `spiffe://${TRUST_DOMAIN}/service/payments`] }, /2 identities/],
  ['the same URI SAN twice', { uris: [GOOD, GOOD] }, /2 identities/],
  ['no URI SAN', { uris: [], dns: ['catalog.mesh'] }, /0 identities/],
  ['CA:TRUE', { uris: [GOOD], ca: true }, /an authority/],
  ['another trust domain', { uris: ['spiffe://other/service/catalog'] }, /no identity of the mesh/],
  ['a longer trust domain', { uris: [`spiffe://${TRUST_DOMAIN}.evil/service/catalog`] }, /no identity/],
  ['no path', { uris: [`spiffe://${TRUST_DOMAIN}`] }, /no identity/],
  ['an empty path', { uris: [`spiffe://${TRUST_DOMAIN}/`] }, /no identity/],
  ['an upper-case scheme', { uris: [`SPIFFE://${TRUST_DOMAIN}/service/catalog`] }, /no identity/],
  ['an encoded dot segment', { uris: [`spiffe://${TRUST_DOMAIN}/service/%2e%2e/control`] }, /no identity/],
  ['a dot segment', { uris: [`spiffe://${TRUST_DOMAIN}/service/x/../catalog`] }, /no identity/],
  ['a NUL', { uris: [`${GOOD}\0.evil`] }, /no identity/],
  ['a comma that a printed SAN would split', { uris: [`spiffe://x/a, URI:${GOOD}`] }, /no identity/],
  ['a query', { uris: [`${GOOD}?a`] }, /no identity/],
  ['a port', { uris: [`spiffe://${TRUST_DOMAIN}:1/service/catalog`] }, /no identity/],
  ['an upper-case service', { uris: [`spiffe://${TRUST_DOMAIN}/service/Catalog`] }, /no identity/],
  ['an expired leaf', { uris: [GOOD], notAfter: new Date(Date.now() - 1_000) }, /expired at/],
  [
    'a leaf not yet valid',
    { uris: [GOOD], notBefore: new Date(Date.now() + DAY_MS), notAfter: new Date(Date.now() + 2 * DAY_MS) },
    /not valid before .*clocks apart/,
  ],
])('refuses %s', async (_what, options, reason) => {
  const leaf = readLeaf(await derOf(options), TRUST_DOMAIN, Date.now())
  expect('refused' in leaf && leaf.refused).toMatch(reason)
})

test.each<[string, OddLeaf, RegExp]>([
  ['keyCertSign', { usages: USAGE.digitalSignature | USAGE.keyCertSign }, /sign certificates/],
  ['cRLSign', { usages: USAGE.digitalSignature | USAGE.cRLSign }, /sign certificates/],
  ['no client use', { extendedUsages: [EXTENDED_USAGE.serverAuth] }, /both ends of TLS/],
  ['another use alone', { extendedUsages: [EXTENDED_USAGE.codeSigning] }, /both ends of TLS/],
  ['100 KB of ballast', { ballastBytes: 100_000 }, /larger than any/],
  [
    'an RSA key',
    {
      algorithm: {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
    },
    /the key of the certificate/,
  ],
])('refuses a leaf with %s', async (_what, options, reason) => {
  const leaf = readLeaf(await oddLeaf({ uris: [GOOD], ...options }), TRUST_DOMAIN, Date.now())
  expect('refused' in leaf && leaf.refused).toMatch(reason)
})

// Bytes that are no certificate, whole or cut anywhere, are refused and never thrown at the listener.
test('refuses whatever is no certificate', async () => {
  const der = await derOf({ uris: [GOOD] })
  for (let length = 0; length < der.length; length += 7) {
    expect(readLeaf(der.subarray(0, length), TRUST_DOMAIN, Date.now())).toHaveProperty('refused')
  }
  for (let at = 0; at < der.length; at++) {
    const broken = Buffer.from(der)
    broken[at] = (broken[at] ?? 0) ^ 0xff
    expect(() => readLeaf(broken, TRUST_DOMAIN, Date.now())).not.toThrow()
  }
})
