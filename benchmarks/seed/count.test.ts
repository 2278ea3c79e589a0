import { expect, test } from 'vitest'
import { countPast } from './count.ts'
import { makeHistory } from './history.ts'
import { makeMesh } from './mesh.ts'
import { readOptions } from './options.ts'
import { planTraffic } from './plan.ts'

const HOUR_MS = 3_600_000
const SIZE = { services: 30, proxies: 60, routes: 12 }
const TO = Date.UTC(2026, 0, 31, 12)

interface Row {
  table: string
  at: number
  columns: string[]
}

function rowsOf(from: number, seed = 1): Row[] {
  const plan = planTraffic(makeMesh(SIZE, seed), seed, from, TO)
  const rows: Row[] = []
  const write = (table: string, at: number, line: string) => void rows.push({ table, at, columns: line.split('\t') })
  for (const _ of countPast({ plan, seed, from, to: TO, controlId: 'seed-test', write }));
  return rows
}

/** `requests` follows the labels. */
const sumOf = (rows: readonly Row[], labels: number): number =>
  rows.reduce((sum, { columns }) => sum + Number(columns[2 + labels]), 0)

// Whoever compares an hour with its minutes, or a service with its routes, finds the same number of calls.
test('all resolutions and families tell of the same calls', () => {
  const rows = rowsOf(TO - HOUR_MS)
  const of = (table: string, side: string) => rows.filter((row) => row.table === table && row.columns[2] === side)
  for (const side of ['outbound', 'inbound']) {
    const seconds = sumOf(of('edge_10s', side), 3)
    expect(seconds).toBeGreaterThan(1_000)
    for (const table of ['edge_1m', 'edge_1h']) expect(sumOf(of(table, side), 3)).toBe(seconds)
    for (const table of ['route_10s', 'route_1m', 'route_1h']) expect(sumOf(of(table, side), 4)).toBe(seconds)
  }
})

// Latencies are of all calls but the cancelled, as a proxy counts them.
test('a histogram holds as many latencies as there were calls that ended', () => {
  for (const { columns } of rowsOf(TO - HOUR_MS / 6).filter(({ table }) => table === 'edge_10s')) {
    const [requests, cancelled] = [Number(columns[5]), Number(columns[12])]
    const counts = (columns.at(-1) ?? '').slice(1, -1).split(',').filter(Boolean).map(Number)
    expect(counts.reduce((a, b) => a + b, 0)).toBe(requests - cancelled)
  }
})

// Two machines that seed the same stretch measure the same load.
test('the same seed makes the same rows, another one others', () => {
  const lines = (seed: number) => rowsOf(TO - HOUR_MS / 12, seed).map(({ columns }) => columns.join())
  expect(lines(1)).toEqual(lines(1))
  expect(lines(1)).not.toEqual(lines(2))
})

// What the console would refuse is not in the database either.
test('the made configuration is valid, and its history leads to it', () => {
  const { changes, resources } = makeHistory(makeMesh(SIZE, 1), {
    from: TO - 72 * HOUR_MS,
    to: TO,
    seed: 1,
    documents: [],
  })
  expect(resources.filter(({ resource }) => resource.kind === 'Service')).toHaveLength(30)
  for (const { resource, revision } of resources) {
    const items = changes.find((change) => change.revision === revision)?.items ?? []
    expect(items.map(({ after }) => after)).toContain(resource)
  }
})

// A mistyped size is said, not taken for another one.
test('options that make no mesh are refused with the reason', () => {
  expect(readOptions(['--services', '1e9', '--days', 'x'])).toEqual({
    mistakes: [expect.stringContaining('--services'), expect.stringContaining('--days')],
  })
  expect(readOptions(['--services', '1000', '--proxies', '10'])).toMatchObject({ mistakes: [expect.any(String)] })
})
