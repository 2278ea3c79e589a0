import { connect, type TLSSocket } from 'node:tls'
import { createAuthority } from '@heddle/testkit/certificates'
import { expect, test } from 'vitest'
import { listenTls } from './tlsServer.ts'

// A renewed certificate is shown to the next connection; those that are open go on, and TLS 1.3 stays a must.
test('the certificate is renewed while listening', async () => {
  const authority = await createAuthority()
  const [first, second] = [
    await authority.leaf({ uris: ['spiffe://x/1'] }),
    await authority.leaf({ uris: ['spiffe://x/2'] }),
  ]
  const certificateOf = ({ key, chain }: typeof first) => ({ key, chain, roots: [authority.root] })
  await using listener = await listenTls({
    address: '127.0.0.1',
    port: 0,
    certificate: certificateOf(first),
    onRequest: (_request, response) => response.end(),
    onUpgrade: (_request, socket) => socket.destroy(),
  })
  const dial = (options: object = {}) =>
    new Promise<TLSSocket>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: listener.port, rejectUnauthorized: false, ...options }, () =>
        resolve(socket),
      )
      socket.on('error', reject)
    })
  const before = await dial()
  expect(before.getPeerX509Certificate()?.subjectAltName).toBe('URI:spiffe://x/1')
  listener.renew(certificateOf(second))
  const after = await dial()
  expect(after.getPeerX509Certificate()?.subjectAltName).toBe('URI:spiffe://x/2')
  expect(before.closed).toBe(false)
  await expect(dial({ maxVersion: 'TLSv1.2' })).rejects.toThrow()
})
