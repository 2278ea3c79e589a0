import { formatJoinToken, newSecret } from '@heddle/shared/joinToken'
import { createAuthority } from '@heddle/testkit/certificates'
import { expect, test } from 'vitest'
import { type FakeControlOptions, startFakeControl } from '../../test/fakeControl.ts'
import { silentLog } from '../../test/silentLog.ts'
import { EXIT, StartError } from '../lifecycle/startError.ts'
import { checkOwnChain } from './chain.ts'
import { type JoinOptions, join } from './join.ts'
import { newKey } from './key.ts'

const HOUR_MS = 3_600_000

async function attempt(control: FakeControlOptions, options: (token: string) => Partial<JoinOptions> = () => ({})) {
  await using fake = await startFakeControl(control)
  const own = { key: newKey(), service: 'catalog', instance: 'catalog-v1-1-abcd' }
  const outcome = await join({
    controls: [fake.url],
    token: fake.token,
    own,
    version: 'v1',
    advertisedHost: null,
    hostId: 'host',
    now: () => Date.now(),
    log: silentLog,
    ...options(fake.token),
  }).then(
    (certificate) => ({ certificate }),
    (error: unknown) => ({ error }),
  )
  const error = 'error' in outcome ? outcome.error : undefined
  if (error !== undefined && !(error instanceof StartError)) throw error
  return { ...outcome, error, own, joins: fake.joins }
}

// A token gets a certificate for the key that was made here, whose chain ends in the root that the token names.
test('joins with a good token', async () => {
  const { certificate, joins, own } = { certificate: undefined, ...(await attempt({})) }
  expect(joins).toMatchObject([{ service: 'catalog', version: 'v1', instance: 'catalog-v1-1-abcd', loopback: true }])
  expect(
    certificate && checkOwnChain(certificate.chain, certificate.roots, certificate.trustDomain, own),
  ).toMatchObject({
    spiffeId: 'spiffe://test.heddle/service/catalog',
  })
})

// Whoever is not the control plane of the token's mesh never sees the token.
test.each([
  ['another root', {}, 'another root certificate'],
  ['no root shown', { hidesRoot: true }, 'another root certificate'],
  ['a workload of the right mesh', { uri: 'spiffe://test.heddle/service/control' }, 'not spiffe://test.heddle/control'],
  ['the console', { uri: 'spiffe://test.heddle/console' }, 'not spiffe://test.heddle/control'],
] satisfies [string, FakeControlOptions, string][])('does not send the token to %s', async (name, control, reason) => {
  const foreign = name === 'another root' ? await createAuthority() : undefined
  const { error, joins } = await attempt(control, () =>
    foreign === undefined
      ? {}
      : { token: formatJoinToken({ id: 'a'.repeat(12), secret: newSecret(), rootSha256: foreign.rootSha256 }) },
  )
  expect(error?.message).toContain(reason)
  expect(error?.exitCode).toBe(EXIT.untrusted)
  expect(joins).toEqual([])
})

// A refused token: the control plane's own sentence reaches whoever started the proxy.
test('says why a token was refused', async () => {
  const message = 'The join token expired 3 h ago. Make a new one with `heddle token create --service catalog`.'
  const { error } = await attempt({ join: () => ({ status: 403, body: { error: 'token_expired', message } }) })
  expect(error?.message).toBe(message)
  expect(error?.exitCode).toBe(EXIT.refused)
})

// Clocks apart: the message names the direction and how far, whether TLS or the certificate shows it.
test.each([
  ['ahead', 30 * 24 * HOUR_MS, /clock of this machine is at least 29 days ahead of/],
  ['behind', -3 * HOUR_MS, /clock of this machine is at least (?:175 min|3 h) behind/],
] as const)('names how far this clock is %s', async (_direction, skewMs, expected) => {
  const { error, joins } = await attempt({}, () => ({ now: () => Date.now() + skewMs }))
  expect(error?.message).toMatch(expected)
  expect(joins).toEqual([])
})

// The control plane's certificate is good for hours, ours may already be over by this clock: the Date header tells.
test('names how far clocks are apart from the Date header', async () => {
  const { error } = await attempt({
    join: () => ({ date: new Date(Date.now() - 2 * HOUR_MS), leaf: { notAfter: new Date(Date.now() - HOUR_MS) } }),
  })
  expect(error?.message).toContain('clock of this machine is 2 h ahead of that of the control plane')
})

// No control plane: the message names the one tried and what to do; another in the list is tried first.
test('says that no control plane is there', async () => {
  const { error } = await attempt({}, () => ({ controls: ['https://127.0.0.1:1'] }))
  expect(error?.exitCode).toBe(EXIT.unavailable)
  expect(error?.message).toMatch(/https:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*heddle up/)
})

test('fails over to another control plane', async () => {
  await using fake = await startFakeControl()
  const own = { key: newKey(), service: 'catalog', instance: 'catalog-v1-1-abcd' }
  const options = { own, version: 'v1', advertisedHost: '10.0.0.7', hostId: 'host', now: Date.now, log: silentLog }
  await join({ ...options, controls: ['https://127.0.0.1:1', fake.url], token: fake.token })
  expect(fake.joins).toMatchObject([{ loopback: false }])
})

// A certificate for something else than what was asked is never taken.
test.each([
  ['another service', { uris: ['spiffe://test.heddle/service/payments'] }, 'not for the service catalog'],
  ['another instance', { dns: ['catalog-v1-2-zzzz'] }, 'another instance'],
])('refuses a certificate for %s', async (_what, leaf, reason) => {
  const { error } = await attempt({ join: () => ({ leaf }) })
  expect(error?.message).toContain(reason)
})
