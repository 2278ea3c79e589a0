import { expect, test } from 'vitest'
import { type ListedProxy, type ProxiesListInput, proxiesListInputSchema } from '../schemas/proxies.ts'
import { listOf, viewOf } from './listView.ts'

const HOUR_MS = 3_600_000
const NOW = 1_800_000_000_000
const proxy = (number: number): ListedProxy => ({
  instance: `catalog-v1-${number}-abcd`,
  service: number < 30 ? 'catalog' : 'payments',
  version: 'v1',
  connected: number !== 250,
  connectedSince: NOW,
  ready: true,
  readyReason: null,
  revision: number % 100 === 99 ? 6 : 7,
  wantedRevision: 7,
  ackDelayMs: number,
  nack: null,
  certificateIssuedAt: NOW - 12 * HOUR_MS,
  certificateExpiresAt: NOW + 12 * HOUR_MS,
  address: null,
  outbound: 4140,
  inbound: 4143,
  admin: 4191,
  build: number === 7 ? '0.4.0' : '0.5.0',
})
const all = Array.from({ length: 300 }, (_, number) => proxy(number))
const list = { live: true, reason: null, configVersion: 7, ...listOf(all, NOW) }
const view = (wanted: Partial<ProxiesListInput>) => viewOf(list, proxiesListInputSchema.parse(wanted))
const names = (wanted: Partial<ProxiesListInput>) => view(wanted).proxies.map(({ instance }) => instance)

// Two thousand proxies are no reason to send two thousand rows: the first hundred come, worst first, the rest when asked.
test('only the rows in sight are sent, worst first', () => {
  expect(names({}).slice(0, 5)).toEqual([
    'catalog-v1-250-abcd',
    'catalog-v1-99-abcd',
    'catalog-v1-199-abcd',
    'catalog-v1-299-abcd',
    'catalog-v1-0-abcd',
  ])
  expect(view({})).toMatchObject({ kept: 300, from: 0 })
  const parts = [0, 100, 200].flatMap((from) => names({ from, count: 100 }))
  expect(new Set(parts)).toEqual(new Set(all.map(({ instance }) => instance)))
  expect(names({ from: 900, count: 2 })).toEqual(parts.slice(-2))
})

// The title, the segments and the pictures tell of all proxies, whichever are shown.
test('what stands above the rows counts every proxy', () => {
  const { proxies, kept, from: _, ...head } = view({ filter: 'PAYMENTS v1', show: 'behind' })
  expect([kept, proxies.length]).toEqual([3, 3])
  expect(head).toMatchObject({
    counts: { all: 300, current: 296, refused: 0, away: 1, unready: 0, behind: 3, certificate: 0, build: 1 },
    build: '0.5.0',
    delays: { slowest: { instance: 'catalog-v1-299-abcd', ms: 299 } },
    certificates: { first: { instance: 'catalog-v1-0-abcd', expiresAt: NOW + 12 * HOUR_MS } },
  })
  const { proxies: others, kept: keptOfAll, from: __, ...same } = view({})
  expect([others.length, keptOfAll]).toEqual([100, 300])
  expect(same).toEqual(head)
})
