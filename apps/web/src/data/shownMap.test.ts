import { expect, test } from 'vitest'
import type { MapEdge, MapNode } from '../server/schemas/map.ts'
import { isSame } from './isSame.ts'
import { shownEdge, shownNode } from './shownMap.ts'
import { golden, health, moved } from './testNumbers.ts'

const node: MapNode = {
  id: 'cart',
  kind: 'service',
  owner: 'shop',
  services: 1,
  attention: 0,
  golden,
  bytesPerSecond: null,
  health,
}
const edge: MapEdge = {
  source: 'cart',
  target: 'catalog',
  edges: 1,
  isMutualTls: true,
  golden,
  bytesPerSecond: null,
  health,
}

// A tick moves numbers in figures that no card shows.
test('what nobody sees draws no card and no thread', () => {
  expect(isSame(shownNode({ ...node, golden: moved }), shownNode(node))).toBe(true)
  expect(isSame(shownEdge({ ...edge, golden: moved }), shownEdge(edge))).toBe(true)
})

// Whatever a card or a thread shows draws it anew.
test('what is read draws it', () => {
  const nodes: MapNode[] = [
    { ...node, owner: null },
    { ...node, services: 2 },
    { ...node, attention: 1 },
    { ...node, golden: { ...golden, requests: 0 } },
    { ...node, golden: { ...golden, successRate: 99.96 } },
    { ...node, golden: { ...golden, requestsPerSecond: 14.46 } },
    { ...node, golden: { ...golden, latencyMs: { ...golden.latencyMs, p99: 190 } } },
    { ...node, bytesPerSecond: { to: 1, from: 2 } },
    { ...node, health: { ...health, state: 'degraded' } },
    { ...node, health: { ...health, reason: 'success 90.00 % < 99.5 %' } },
  ]
  for (const other of nodes) expect(isSame(shownNode(other), shownNode(node))).toBe(false)
  const edges: MapEdge[] = [
    { ...edge, isMutualTls: false },
    { ...edge, health: { ...health, state: 'failing' } },
  ]
  for (const other of edges) expect(isSame(shownEdge(other), shownEdge(edge))).toBe(false)
})
