import { systemClock } from '@heddle/shared/clock'
import { expect, test } from 'vitest'
import { Egress, type EgressPolicy, isEgressAllowed } from './egress.ts'

const hosts = ['api.example.org', '*.cdn.example.org', '10.0.0.7:8080', '[2001:db8::1]', '[2001:db8::2]:443']

// A list lets out what it names and nothing that looks like it.
test.each([
  ['api.example.org', 80, true],
  ['api.example.org', 9999, true],
  ['evil-api.example.org', 80, false],
  ['api.example.org.evil', 80, false],
  ['example.org', 80, false],
  ['a.cdn.example.org', 80, true],
  ['a.b.cdn.example.org', 80, true],
  ['cdn.example.org', 80, false],
  ['evilcdn.example.org', 80, false],
  ['10.0.0.7', 8080, true],
  ['10.0.0.7', 80, false],
  ['[2001:db8::1]', 80, true],
  ['[2001:db8::2]', 443, true],
  ['[2001:db8::2]', 80, false],
] as const)('%s:%i is %s', (host, port, isAllowed) => {
  expect(isEgressAllowed({ hosts }, host, port)).toBe(isAllowed)
})

test('allow and deny hold for every host', () => {
  expect(isEgressAllowed('allow', 'x.example', 1)).toBe(true)
  expect(isEgressAllowed('deny', 'x.example', 1)).toBe(false)
})

const places = [
  { address: '192.0.2.5', port: 4143 },
  { address: '2001:db8::5', port: 4143 },
  { address: 'control.example', port: 4000 },
]
/** Nothing may be dialled that is not refused: every address is one that nobody has (RFC 5737, RFC 3849). */
async function dialError(policy: EgressPolicy, host: string, port: number): Promise<unknown> {
  const egress = new Egress({
    clock: systemClock,
    policy: () => policy,
    ownPorts: () => [],
    meshPlaces: () => places,
  })
  return egress.dial(host, port).then(
    (socket) => socket.destroy(),
    (error: unknown) => error,
  )
}

// What is left open for hosts outside opens no port of the mesh: neither another proxy's nor the control plane's.
test.each([
  ['192.0.2.5', 4143],
  ['[::ffff:192.0.2.5]', 4143],
  ['[2001:db8:0::5]', 4143],
  ['control.example', 4000],
])('%s:%i is the mesh’s own and never dialled as a host outside', async (host, port) => {
  expect(await dialError('allow', host, port)).toMatchObject({ code: 'HEDDLE_EGRESS' })
  expect(await dialError({ hosts: [`*.example`, '192.0.2.5:80', host] }, host, port)).not.toMatchObject({
    code: 'HEDDLE_EGRESS',
  })
})

test('another port of an address of the mesh is outside', async () => {
  expect(await dialError('allow', '192.0.2.5', 4144)).toMatchObject({ code: 'HEDDLE_CONNECT' })
})
