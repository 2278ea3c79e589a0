import { MESH_ERROR_CODES, MESH_ERRORS, type MeshErrorCode } from '@heddle/shared/errors'
import { expect, test } from 'vitest'
import type { Outcome } from '../forward/upstream.ts'
import { codeOf, endOf, resultOf } from './attemptResult.ts'

const body = { read: () => {}, resume: () => {}, abort: () => {} }
const answered = (status: number, code?: string, headers: string[] = []): Outcome => ({
  kind: 'answered',
  status,
  statusText: '',
  headers: code === undefined ? headers : ['x-heddle-error', code],
  body,
})
const endAs = (outcome: Outcome, isGrpc: boolean) => endOf(outcome, codeOf(outcome), isGrpc)
const failed = (code: MeshErrorCode): Outcome => ({
  kind: 'failed',
  code,
  end: 'not_sent',
  wasConnected: false,
  cause: new Error(code),
})

// What an endpoint did is its own; a pool of ours that is full, or a certificate that it does not take, is not.
test.each([
  ['a good answer', answered(200), 'succeeded'],
  ['a 404', answered(404), 'succeeded'],
  ['a 500', answered(500), 'failed'],
  ['a code that is none of ours', answered(200, 'made_up'), 'succeeded'],
  ['an application that is not there', answered(502, 'app_unreachable'), 'connect_failed'],
  ['another service', answered(421, 'misdirected'), 'connect_failed'],
  ['it does not take our certificate', answered(502, 'tls_failed'), 'refused_us'],
  ['nobody there', failed('connect_failed'), 'connect_failed'],
  ['no handshake', failed('tls_failed'), 'connect_failed'],
  ['it broke off', failed('protocol_error'), 'failed'],
  ['our own pool was full', failed('overloaded'), null],
] as const)('for the endpoint: %s', (_, outcome, expected) => {
  expect(resultOf(outcome, codeOf(outcome), false)).toBe(expected)
})

// A request goes elsewhere, whatever its method, only where no application has seen it and another instance may take it.
test('answers of a proxy that did not pass the request on', () => {
  const elsewhere = MESH_ERROR_CODES.filter((code) => endAs(answered(503, code), false).kind === 'not_sent')
  expect(elsewhere).toEqual(['misdirected', 'tls_failed', 'app_unreachable', 'overloaded', 'destination_unknown'])
  for (const code of elsewhere) expect(MESH_ERRORS[code].retryable).toBe(true)
  expect(endAs(answered(503), false)).toEqual({ kind: 'answered', status: 503, grpcStatus: null })
  expect(endAs(answered(429, 'rate_limited'), false)).toMatchObject({ kind: 'answered', status: 429 })
  expect(codeOf(answered(503, 'toString'))).toBe(null)
})

// An answer of gRPC that is a head only says how it went there; one that goes on says so in its trailers, later.
test('answers of gRPC', () => {
  const said = (grpcStatus: string): Outcome => answered(200, undefined, ['grpc-status', grpcStatus])
  expect(endAs(said('14'), true)).toEqual({ kind: 'answered', status: 200, grpcStatus: 14 })
  expect([resultOf(said('14'), null, true), resultOf(said('5'), null, true)]).toEqual(['failed', 'succeeded'])
  expect(endAs(answered(200), true)).toEqual({ kind: 'answered', status: 200, grpcStatus: null })
  expect(resultOf(said('14'), null, false)).toBe('succeeded')
})
