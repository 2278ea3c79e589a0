import { pathMatchSchema } from '@heddle/shared/resources/httpRoute'
import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { canonicalPath } from './canonical.ts'
import { canonicalValue } from './pathMatch.ts'

// What `apply` accepts, every proxy can compile: one bad rule would make it refuse the whole config.
test('the schema accepts a path exactly where the proxy does', () => {
  const random = seededRandom(31)
  const pieces = [
    '/',
    'a',
    '%',
    '%2',
    '%2f',
    '%00',
    '%1F',
    '%7f',
    '%80',
    '%c0',
    '%C1',
    '%af',
    '%e0',
    '%f0',
    '%9f',
    '%25',
  ]
  const more = [
    ' ',
    '\t',
    '\0',
    '\x01',
    '\x7f',
    '#',
    '?',
    '\u00e9',
    '\u65e5',
    '\ud800',
    '\\',
    ';',
    '.',
    '..',
    '{',
    '\u00a0',
  ]
  let accepted = 0
  for (let round = 0; round < 20_000; round++) {
    const start = random() < 0.95 ? '/' : ''
    const value = start + Array.from({ length: 5 }, () => pickOne(random, random() < 0.7 ? pieces : more)).join('')
    const isAccepted = pathMatchSchema.safeParse({ type: 'Exact', value }).success
    if (!isAccepted) continue
    accepted++
    expect(canonicalPath(canonicalValue(value))).toBe(canonicalValue(value))
  }
  expect(accepted).toBeGreaterThan(500)
})

test('what is not ASCII is UTF-8', () => {
  expect(canonicalValue('/caf\u00e9/\u65e5')).toBe('/caf%C3%A9/%E6%97%A5')
  expect(() => canonicalValue('/\ud800')).toThrow(/not a path/)
})
