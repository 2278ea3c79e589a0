import { expect, test } from 'vitest'
import { grpcMessage, grpcStatusOf, grpcStatusOfHttp, grpcTimeoutMs, isGrpcCall, withTimeSpent } from './call.ts'

test.each([
  ['application/grpc', true],
  ['application/grpc+proto', true],
  ['application/grpc;charset=utf-8', true],
  ['application/grpc-web', false],
  ['application/grpc-web+proto', false],
  ['application/json', false],
])('%s is gRPC: %s', (type, isGrpc) => {
  expect(isGrpcCall('POST', ['x', 'y', 'content-type', type])).toBe(isGrpc)
  expect(isGrpcCall('GET', ['content-type', type])).toBe(false)
})

test.each([
  ['1H', 3_600_000],
  ['2M', 120_000],
  ['3S', 3_000],
  ['100m', 100],
  ['5000u', 5],
  ['99999999n', 99.999999],
  ['123456789S', null],
  ['S', null],
  ['1.5S', null],
  ['-1S', null],
])('a timeout of %s', (text, ms) => {
  const read = grpcTimeoutMs(['grpc-timeout', text])
  if (ms === null || read === null) expect(read).toBe(ms)
  else expect(read).toBeCloseTo(ms)
})

// Whoever gets it works no longer than somebody waits.
test.each([
  ['5S', 1_500, '3500000u'],
  ['100m', 99.5, '500u'],
  ['100m', 100, '1u'],
  ['100m', 2_000, '1u'],
  ['1H', 250, '3599750m'],
  ['99999999H', 1, '99999998H'],
])('of a timeout of %s, after %f ms, %s is left', (text, spentMs, left) => {
  expect(withTimeSpent(['a', 'b', 'grpc-timeout', text, 'c', 'd'], spentMs)).toEqual([
    'a',
    'b',
    'grpc-timeout',
    left,
    'c',
    'd',
  ])
})

test('without a timeout, or with one that is none, the fields stay as they are', () => {
  for (const fields of [
    ['a', 'grpc-timeout'],
    ['grpc-timeout', 'soon'],
  ])
    expect(withTimeSpent(fields, 5)).toBe(fields)
})

test('a status is a number, and none is said without one', () => {
  expect([grpcStatusOf(['grpc-status', '0']), grpcStatusOf(['grpc-status', '14'])]).toEqual([0, 14])
  expect([grpcStatusOf(['x', 'y']), grpcStatusOf(['grpc-status', 'fine'])]).toEqual([null, 2])
  expect([404, 503, 500, 200].map(grpcStatusOfHttp)).toEqual([12, 14, 2, 2])
})

test('a message is visible ASCII', () => {
  expect(grpcMessage('100 % – no\n')).toBe('100 %25 %E2%80%93 no%0A')
})
