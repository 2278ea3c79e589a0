import { grpcRouteSchema } from '@heddle/shared/resources/grpcRoute'
import { httpRouteSchema } from '@heddle/shared/resources/httpRoute'
import { expect, test } from 'vitest'
import { grpcRetryForm, grpcRetryInWords, grpcRetryMistakes, statusText, withGrpcRetry } from './grpcRetryForm.ts'
import { ATTEMPTS, GRPC, grpcRouteWith as route } from './testGrpcRoute.ts'

// Whatever was applied as YAML opens in the fields and is saved from them as it was written, spaces and all.
test('retries that nobody touched are not written anew', () => {
  for (const annotations of [
    undefined,
    { note: 'kept' },
    { [GRPC]: 'unavailable' },
    { [GRPC]: 'unavailable,resource-exhausted', [ATTEMPTS]: '2', note: 'kept' },
    { [GRPC]: 'aborted , aborted' },
    // It does nothing alone, and is nobody's to take away.
    { [ATTEMPTS]: '3' },
  ]) {
    const stored = route(annotations)
    expect(withGrpcRetry(stored, grpcRetryForm(stored))).toBe(stored)
  }
})

test('fields become annotations, and others stay', () => {
  const on = { isOn: true, statuses: ['unavailable', 'aborted'], attempts: '2' }
  const written = withGrpcRetry(route({ note: 'kept' }), on)
  expect(written.metadata.annotations).toEqual({ note: 'kept', [GRPC]: 'unavailable, aborted', [ATTEMPTS]: '2' })
  expect(grpcRetryForm(grpcRouteSchema.parse(written))).toEqual(on)
  expect(withGrpcRetry(written, { ...on, attempts: '' }).metadata.annotations).toEqual({
    note: 'kept',
    [GRPC]: 'unavailable, aborted',
  })
  expect(withGrpcRetry(written, { ...on, isOn: false })).toEqual(route({ note: 'kept' }))
  expect('annotations' in withGrpcRetry(withGrpcRetry(route(), on), { ...on, isOn: false }).metadata).toBe(false)
})

// On an HTTPRoute the annotation adds to what its rules repeat; the fields of those say the rest.
test('an HTTPRoute is left alone', () => {
  const http = httpRouteSchema.parse({ ...route({ [GRPC]: 'unavailable' }), kind: 'HTTPRoute' })
  expect(grpcRetryForm(http).isOn).toBe(false)
  expect(withGrpcRetry(http, { isOn: true, statuses: ['aborted'], attempts: '' })).toBe(http)
})

test('what is missing or wrong', () => {
  const places = (statuses: string[], attempts: string, isOn = true) =>
    grpcRetryMistakes({ isOn, statuses, attempts }).map(({ path }) => path.join('.'))
  expect(places(['unavailable'], '')).toEqual([])
  expect(places(['unavailable'], '10')).toEqual([])
  expect(places([], '11')).toEqual(['statuses', 'attempts'])
  expect(places(['unavailable'], '1.5')).toEqual(['attempts'])
  expect(places([], 'many', false)).toEqual([])
})

test('in words, as the list of routes has them', () => {
  const on = { isOn: true, statuses: ['unavailable', 'resource-exhausted'], attempts: '2' }
  expect(grpcRetryInWords(on, false)).toBe('2 × on UNAVAILABLE, RESOURCE_EXHAUSTED')
  expect(grpcRetryInWords({ ...on, attempts: '' }, true)).toBe(
    '1 × on UNAVAILABLE, RESOURCE_EXHAUSTED, also where no answer came',
  )
  expect(grpcRetryInWords({ ...on, isOn: false }, false)).toBe(null)
  expect(grpcRetryInWords({ ...on, attempts: '0' }, false)).toBe(null)
  for (const attempts of ['many', '99', '1.5']) expect(grpcRetryInWords({ ...on, attempts }, false)).toBe(null)
  expect(grpcRetryInWords({ ...on, statuses: [] }, false)).toBe(null)
  expect(statusText('deadline-exceeded')).toBe('DEADLINE_EXCEEDED')
})
