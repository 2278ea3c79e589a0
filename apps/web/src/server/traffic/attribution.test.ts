import { expect, test } from 'vitest'
import { attribute } from './attribution.ts'

const versions: Record<string, string[]> = { catalog: ['v1', 'v2'], next: ['v3'], other: ['v1'] }
const read = (backends: Parameters<typeof attribute>[0]) =>
  attribute(backends, (service) => versions[service] ?? []).map(({ versions: own, isDistinct }) => [
    [...own],
    isDistinct,
  ])

// A canary: two versions of one service.
test('derived names are told apart by their version', () => {
  expect(
    read([
      { service: 'catalog', version: 'v1' },
      { service: 'catalog', version: 'v2' },
    ]),
  ).toEqual([
    [['v1'], true],
    [['v2'], true],
  ])
})

test('services are told apart by the versions of their instances, where those differ', () => {
  expect(
    read([
      { service: 'catalog', version: null },
      { service: 'next', version: null },
      { service: null, version: null },
    ]),
  ).toEqual([
    [['v1', 'v2'], true],
    [['v3'], true],
    [[], true],
  ])
})

// Counting a call twice would be worse than saying that it cannot be told.
test('calls of a version that two backends have are nobody’s', () => {
  expect(
    read([
      { service: 'catalog', version: null },
      { service: 'other', version: null },
    ]),
  ).toEqual([
    [['v2'], false],
    [[], false],
  ])
})
