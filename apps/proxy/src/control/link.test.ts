import { createAuthority } from '@heddle/testkit/certificates'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test, vi } from 'vitest'
import { type FakeControl, startFakeControl } from '../../test/fakeControl.ts'
import type { TlsMaterial } from '../interfaces.ts'
import { type Link, openLink } from './link.ts'

const materialOf = async (control: FakeControl, roots = [control.authority.root]): Promise<TlsMaterial> => {
  const leaf = await control.authority.service('catalog')
  return { generation: 1, key: leaf.key, chain: leaf.chain, roots, trustDomain: 'test.heddle', notAfter: 0 }
}

function open(control: FakeControl, material: TlsMaterial, clock = new FakeClock()) {
  const opened = Promise.withResolvers<string>()
  const closed = Promise.withResolvers<{ reason: string; code: number }>()
  const link: Link = openLink({
    url: control.url,
    material,
    monotonic: () => clock.monotonic(),
    onOpen: opened.resolve,
    onText: () => {},
    onClosed: (reason, code) => closed.resolve({ reason, code }),
  })
  return { link, opened: opened.promise, closed: closed.promise }
}

// The link is open when the other end has proven to be the control plane; it knows by which address we are reached.
test('opens to the control plane', async () => {
  await using control = await startFakeControl()
  const { link, opened, closed } = open(control, await materialOf(control))
  expect(await opened).toBe('127.0.0.1')
  link.close(1000, 'done')
  expect(await closed).toEqual({ reason: 'done', code: 1000 })
  expect(link.send('late')).toBe(false)
})

// Another root, an expired certificate, another identity: never open, with a reason that says which.
test.each([
  ['another root', {}, /not a control plane of the mesh that this instance joined/],
  ['an expired certificate', { leaf: { notBefore: new Date(0), notAfter: new Date(1_000) } }, /expired/],
  ['a certificate of the future', { leaf: { notBefore: new Date(Date.now() + 3_600_000) } }, /not yet valid/],
  [
    'another identity',
    { uri: 'spiffe://test.heddle/service/catalog' },
    /it is spiffe:\/\/test.heddle\/service\/catalog/,
  ],
  ['another trust domain', { uri: 'spiffe://evil/control' }, /no identity of the mesh test.heddle/],
  [
    'two identities',
    { leaf: { uris: ['spiffe://test.heddle/control', 'spiffe://test.heddle/console'] } },
    /2 identities/,
  ],
])('does not open to %s', async (what, options, reason) => {
  await using control = await startFakeControl(options)
  const roots = what === 'another root' ? [(await createAuthority()).root] : undefined
  const { opened, closed } = open(control, await materialOf(control, roots))
  opened.then(() => expect.unreachable())
  expect((await closed).reason).toMatch(reason)
})

// A half-open connection (a pulled cable, a stopped process) is noticed within 15 s and ended.
test('notices that nobody is there any more', async () => {
  await using control = await startFakeControl()
  const material = await materialOf(control)
  const clock = new FakeClock()
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const { opened, closed } = open(control, material, clock)
    const conversation = await control.connection()
    await opened
    conversation.socket.pause()
    for (let seconds = 0; seconds < 15; seconds += 5) {
      clock.advance(5_000)
      vi.advanceTimersByTime(5_000)
    }
    expect((await closed).reason).toBe('nothing was heard for 10 s')
  } finally {
    vi.useRealTimers()
  }
})
