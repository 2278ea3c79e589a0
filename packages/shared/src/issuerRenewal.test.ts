import { expect, test } from 'vitest'
import { nextIssuerAt } from './issuerRenewal.ts'

// The next issuer is there a third of a life before the old one ends.
test('an issuer is followed while a third of its life is left', () => {
  expect(nextIssuerAt({ notBefore: 1_000, notAfter: 4_000 })).toBe(3_000)
})
