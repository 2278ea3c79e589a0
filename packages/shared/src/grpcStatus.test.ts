import { expect, test } from 'vitest'
import { isGrpcFailure, parseGrpcStatuses } from './grpcStatus.ts'

test('statuses by name', () => {
  expect(parseGrpcStatuses('unavailable, resource-exhausted,cancelled')).toEqual([14, 8, 1])
  expect(parseGrpcStatuses('unavailable, 14')).toBe(undefined)
  expect(parseGrpcStatuses('')).toBe(undefined)
  expect(parseGrpcStatuses('toString')).toBe(undefined)
})

// The design's list: what counts against a service's success rate.
test('failures', () => {
  expect(Array.from({ length: 17 }, (_, status) => status).filter(isGrpcFailure)).toEqual([2, 4, 13, 14, 15])
})
