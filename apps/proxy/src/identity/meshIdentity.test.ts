import { X509Certificate } from 'node:crypto'
import { createAuthority, type LeafOptions } from '@heddle/testkit/certificates'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import type { PeerIdentity } from '../interfaces.ts'
import type { StoredCertificate } from '../state/stateDirectory.ts'
import { certificateRequest, newKey } from './key.ts'
import { MeshIdentity } from './meshIdentity.ts'
import { renewalDueAt, renewalRetryMs, usability } from './renewal.ts'

const HOUR_MS = 3_600_000
const authority = await createAuthority()

async function identity({ random = 0.5 } = {}) {
  const clock = new FakeClock(Date.now())
  const own = { key: newKey(), service: 'catalog', instance: 'catalog-v1-1-abcd' }
  const saved: StoredCertificate[] = []
  const certify = (options: Partial<LeafOptions> = {}, by = authority) =>
    by.sign(certificateRequest(own.key), {
      uris: [`spiffe://test.heddle/service/catalog`],
      dns: [own.instance, 'catalog.mesh'],
      ...options,
    })
  const certificate = {
    trustDomain: 'test.heddle',
    chain: await certify(),
    roots: [authority.root],
    receivedAt: clock.now(),
  }
  const mesh = new MeshIdentity({
    own,
    certificate,
    clock,
    random: () => random,
    save: (c) => saved.push(c),
  })
  return { identity: mesh, clock, saved, certify }
}

const rawOf = async (service: string, options = {}) =>
  new X509Certificate((await authority.service(service, options)).certificate).raw

// A workload of the mesh is known by its certificate; the control plane and the console are no workloads.
test('knows workloads and nobody else', async () => {
  const { identity: mesh } = await identity()
  expect(mesh.verifyPeer({ raw: await rawOf('payments') })).toMatchObject({ service: 'payments' })
  const control = await authority.leaf({ uris: ['spiffe://test.heddle/control'] })
  expect(mesh.verifyPeer({ raw: new X509Certificate(control.certificate).raw })).toEqual({
    refused: 'spiffe://test.heddle/control is no workload',
  })
})

// Revoking names identities or instances: they are refused from then on, and whoever has connections is told which.
test('refuses what was revoked and tells of it', async () => {
  const { identity: mesh } = await identity()
  const payments = await rawOf('payments', { instance: 'payments-v1-1-aaaa' })
  const cart = await rawOf('cart', { instance: 'cart-v1-1-bbbb' })
  const peers = [payments, cart].map((raw) => mesh.verifyPeer({ raw })) as PeerIdentity[]
  const ended: string[] = []
  mesh.onRevoked((isRevoked) => ended.push(...peers.filter(isRevoked).map(({ service }) => service)))
  mesh.revoke(['spiffe://test.heddle/service/payments'], [])
  mesh.revoke([], ['cart-v1-1-bbbb'])
  expect(ended).toEqual(['payments', 'payments', 'cart'])
  for (const raw of [payments, cart]) expect(mesh.verifyPeer({ raw })).toHaveProperty('refused')
  expect(mesh.revoked()).toEqual({
    identities: ['spiffe://test.heddle/service/payments'],
    instances: ['cart-v1-1-bbbb'],
  })
})

// A renewal replaces the material, counts a generation up, is kept, and listeners hear of it once.
test('takes a renewed certificate into use', async () => {
  const { identity: mesh, saved, certify } = await identity()
  const before = mesh.current()
  const generations: number[] = []
  mesh.onChange(({ generation }) => generations.push(generation))
  const chain = await certify()
  expect(mesh.install(chain, [authority.root])).toEqual({ installed: true })
  expect(generations).toEqual([2])
  expect(mesh.current()).not.toBe(before)
  expect(mesh.current().chain).toBe(chain)
  expect(saved).toHaveLength(1)
})

// A certificate that is not ours, not now or not from our mesh never replaces the one in force.
test('keeps the old certificate where the new one cannot be used', async () => {
  const { identity: mesh, saved, certify } = await identity()
  const before = mesh.current()
  const other = await createAuthority()
  const foreignKey = await authority.service('catalog', { instance: 'catalog-v1-1-abcd' })
  for (const [chain, reason] of [
    ['', 'not a chain'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'cannot be read'],
    [foreignKey.chain, 'another key'],
    [await certify({}, other), 'does not end in a root'],
    [await certify({ uris: ['spiffe://test.heddle/service/payments'] }), 'not for the service catalog'],
    [await certify({ dns: ['catalog-v1-2-efgh'] }), 'another instance'],
    [await certify({ notAfter: new Date(Date.now() - HOUR_MS) }), 'clock may be ahead'],
    [await certify({ notBefore: new Date(Date.now() + HOUR_MS) }), 'clock may be behind'],
  ] as const) {
    const result = mesh.install(chain, [authority.root])
    expect('refused' in result && result.refused).toContain(reason)
  }
  expect(mesh.current()).toBe(before)
  expect(saved).toEqual([])
})

// Where our own root is taken away, peers will refuse us: the next certificate is due at once.
test('renews at once when the root above its certificate goes', async () => {
  const { identity: mesh, clock } = await identity()
  const other = await createAuthority()
  expect(mesh.setRoots([authority.root, other.root])).toEqual({ installed: true })
  expect(mesh.renewalDueAt).toBeGreaterThan(clock.now())
  expect(mesh.setRoots([other.root])).toEqual({ installed: true })
  expect(mesh.renewalDueAt).toBe(clock.now())
  expect(mesh.setRoots(['nonsense'])).toHaveProperty('refused')
})

// Half of the life that is left at receipt, 5 % either way; a backdated beginning does not bring it forward.
test('renews at half of a leaf’s life with jitter', () => {
  expect(renewalDueAt(1_000, 101_000, 0)).toBe(46_000)
  expect(renewalDueAt(1_000, 101_000, 0.5)).toBe(51_000)
  expect(renewalDueAt(1_000, 101_000, 0.999)).toBeLessThan(56_000)
  expect(renewalDueAt(1_000, 500, 0.5)).toBe(1_000)
})

// Tries after a failed renewal come between half and one and a half of a bounded tenth of what is left.
test('bounds the wait between tries of a renewal', () => {
  expect(renewalRetryMs(0, 24 * HOUR_MS, 0)).toBe(30_000)
  expect(renewalRetryMs(0, 24 * HOUR_MS, 0.5)).toBe(60_000)
  expect(renewalRetryMs(0, -HOUR_MS, 0.5)).toBe(1_000)
})

// Expired leaves may renew for 30 days, then only a new token helps.
test('tells valid, renewable and lost certificates apart', () => {
  expect(usability(1_000, 999)).toBe('valid')
  expect(usability(1_000, 1_000)).toBe('renewable')
  expect(usability(1_000, 1_000 + 30 * 24 * HOUR_MS)).toBe('lost')
})
