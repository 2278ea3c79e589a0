import { NO_OUTCOMES } from '@heddle/testkit/outcomes'
import { expect, test } from 'vitest'
import { MESH_ERROR_CODES } from '../errors.ts'
import { type MetricsPayload, metricsPayloadSchema } from './metrics.ts'

const outcomes = {
  ...NO_OUTCOMES,
  requests: 1,
  ok: 1,
  meshErrors: Object.fromEntries(MESH_ERROR_CODES.map((code) => [code, 1])),
}
const label = 'a'.repeat(63)
const route = `${'r'.repeat(253)}/${'s'.repeat(253)}`
const payload = {
  bootId: '6e7cdbd5-0000-4000-8000-000000000000',
  sequence: 1,
  intervalMs: 5_000,
  routes: [
    { ...outcomes, side: 'outbound', destination: label, version: '-', route },
    { ...outcomes, side: 'outbound', destination: 'egress', version: '-', route: 'default' },
  ],
  edges: [{ ...outcomes, side: 'inbound', source: 'public', destination: label }],
  rules: [{ rule: 'r'.repeat(253), source: 'other', verdict: 'denied', hits: 1 }],
  patterns: [{ source: '-', method: 'GET', path: '/é/*', route: 'a/b', calls: 1 }],
  droppedReports: 0,
} satisfies MetricsPayload

// Everything that a proxy can report is taken: one label refused would hold up every report behind it.
test('the longest labels that a mesh can have', () => {
  expect(metricsPayloadSchema.safeParse(payload).error).toBeUndefined()
})

// A label that no index can hold would keep everybody's rows from being written: it never gets as far as that.
test.each([
  ['destination', { routes: [{ ...payload.routes[0], destination: '界'.repeat(512) }] }],
  ['version', { routes: [{ ...payload.routes[0], version: 'V 1' }] }],
  ['route', { routes: [{ ...payload.routes[0], route: '界'.repeat(500) }] }],
  ['route too long', { routes: [{ ...payload.routes[0], route: 'r'.repeat(508) }] }],
  ['code', { routes: [{ ...payload.routes[0], meshErrors: { 界: 1 } }] }],
  ['source', { edges: [{ ...payload.edges[0], source: 'x'.repeat(64) }] }],
  ['rule', { rules: [{ ...payload.rules[0], rule: '界' }] }],
  ['path', { patterns: [{ ...payload.patterns[0], path: '界'.repeat(513) }] }],
  ['boot id', { bootId: '界' }],
])('labels that are none are refused: %s', (_, part) => {
  expect(metricsPayloadSchema.safeParse({ ...payload, ...part }).success).toBe(false)
})
