import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { expect, test } from 'vitest'
import { certificateRequest, newKey, readKey } from './key.ts'

// The request that we write by hand is one for others: a library reads it, it names nobody, and its signature proves
// the key.
test('writes certificate requests that others read and verify', async () => {
  // Signatures and keys differ in length from one to the next: several make a wrong length show.
  for (let round = 0; round < 20; round++) {
    const key = newKey()
    const request = new x509.Pkcs10CertificateRequest(certificateRequest(key))
    expect(await request.verify()).toBe(true)
    expect(request.subject).toBe('')
    expect(request.extensions).toEqual([])
  }
})

// The key comes back from disk as it was; anything else there is no key of ours.
test('reads back its own keys only', () => {
  const key = newKey()
  expect(readKey(key.pem)?.privateKey.equals(key.privateKey)).toBe(true)
  expect(readKey('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n')).toBeUndefined()
  expect(readKey('')).toBeUndefined()
})
