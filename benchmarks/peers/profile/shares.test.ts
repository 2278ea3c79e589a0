import { expect, test } from 'vitest'
import { functionOf, type Profile, partOf, sharesOf } from './shares.ts'

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber })
const profile: Profile = {
  nodes: [
    { id: 1, callFrame: frame('(idle)') },
    { id: 2, callFrame: frame('flush', 'file:///home/me/heddle/apps/proxy/src/transport/transport.ts', 9) },
    { id: 3, callFrame: frame('read', 'file:///home/me/heddle/apps/proxy/src/transport/socket.ts', 4) },
    { id: 4, callFrame: frame('writev') },
    { id: 5, callFrame: frame('', 'node:net', 1) },
  ],
  samples: [1, 2, 3, 4, 5, 1],
  timeDeltas: [1_000, 30, 20, 40, 10, 1_000],
}

// A proxy that waits costs nothing.
test('time is shared among what was not idle', () => {
  expect(sharesOf(profile, partOf)).toEqual([
    { what: 'apps/proxy/src/transport', share: 0.5 },
    { what: 'writev', share: 0.4 },
    { what: 'node:net', share: 0.1 },
  ])
})

test('functions are named with their place', () => {
  expect(sharesOf(profile, functionOf).map(({ what }) => what)).toEqual([
    'writev',
    'flush apps/proxy/src/transport/transport.ts:10',
    'read apps/proxy/src/transport/socket.ts:5',
    '(anonymous) node:net:2',
  ])
})

test('of a proxy that did nothing there is nothing to say', () => {
  expect(sharesOf({ nodes: [], samples: [], timeDeltas: [] }, partOf)).toEqual([])
})
