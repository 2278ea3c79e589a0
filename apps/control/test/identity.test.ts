// Who may pass the doors, by certificate: real TLS, certificates of the mesh and of others.
import { X509Certificate } from 'node:crypto'
import { connect, type TLSSocket } from 'node:tls'
import { applyDocuments, findIssued, revoke } from '@heddle/db'
import { systemClock } from '@heddle/shared/clock'
import { CLOSE_PROTOCOL, CLOSE_REVOKED, MAX_FRAME_BYTES } from '@heddle/shared/wire/messages'
import { createAuthority } from '@heddle/testkit/certificates'
import { eventually } from '@heddle/testkit/eventually'
import { expect, test } from 'vitest'
import { ConsoleClient, enrol, readSecret, tryEnrol } from './support/consoleClient.ts'
import { type Credentials, codeOf, join } from './support/joinClient.ts'
import { newKey, rsaKey } from './support/keys.ts'
import { ProxyClient, upgradeStatus } from './support/proxyClient.ts'
import { startTestControl } from './support/testControl.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The machine's clock, which the test may set. */
const adjustable = () => {
  const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs, monotonic: () => systemClock.monotonic() }
  return clock
}

// The control plane proves itself: its chain ends in the root that join tokens name, and its identity is `control`.
test('the control plane shows its identity and root', async () => {
  await using mesh = await startTestControl()
  const socket = await dial(mesh.control.port, { rejectUnauthorized: false })
  const chain: X509Certificate[] = []
  for (let at = socket.getPeerX509Certificate(); at !== undefined; at = at.issuerCertificate) {
    chain.push(at)
    if (at.issuerCertificate === at) break
  }
  socket.destroy()
  const [leaf, , root] = chain
  expect(leaf?.subjectAltName).toContain('URI:spiffe://test.heddle/control')
  expect(leaf?.subjectAltName).toContain('DNS:localhost')
  expect(leaf?.subjectAltName).toContain('IP Address:127.0.0.1')
  const hash = Buffer.from(root?.fingerprint256.replaceAll(':', '') ?? '', 'hex').toString('base64url')
  expect(hash).toBe(mesh.control.rootSha256)
  expect((await mesh.token('catalog')).endsWith(hash)).toBe(true)
})

// TLS 1.3 alone, and never a resumed session: it would skip the check of the client's certificate.
test('nothing older than TLS 1.3, and no resumption', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  await expect(dial(port, { rejectUnauthorized: false, maxVersion: 'TLSv1.2' })).rejects.toThrow()
  const credentials = await join(mesh, 'web')
  const options = { key: credentials.key, cert: credentials.chain, ca: credentials.roots }
  const first = await dial(port, options)
  const session = await new Promise<Buffer | undefined>((resolve) => {
    first.on('session', resolve)
    // The answer comes after any ticket would have.
    first.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    first.on('data', () => resolve(first.getSession()))
  })
  first.destroy()
  const second = await dial(port, { ...options, ...(session === undefined ? {} : { session }) })
  expect(second.isSessionReused()).toBe(false)
  second.destroy()
})

// Each identity opens its own door and no other; without one there is none.
test('proxies and the console have a door each', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  const web = await join(mesh, 'web')
  const console = await enrol(mesh)
  const foreign = await createAuthority('test.heddle')
  const stranger = await foreign.service('web', {
    instance: web.instance,
    dns: [web.instance, 'web.mesh', 'v1.web.mesh'],
  })
  const strange = { key: stranger.key, chain: stranger.chain, roots: web.roots }
  expect(await upgradeStatus(port, '/v1/proxy', web)).toBe(101)
  expect(await upgradeStatus(port, '/v1/console', web)).toBe(403)
  expect(await upgradeStatus(port, '/v1/console', console)).toBe(101)
  expect(await upgradeStatus(port, '/v1/proxy', console)).toBe(403)
  expect(await upgradeStatus(port, '/v1/proxy', null)).toBe(401)
  expect(await upgradeStatus(port, '/v1/console', null)).toBe(401)
  expect(await upgradeStatus(port, '/v1/proxy', strange)).toBe(401)
  expect(await upgradeStatus(port, '/v1/other', web)).toBe(404)
})

// An instance that was away for longer than its leaf lasts may renew it, and nothing else; after 30 days not even that.
test('an expired certificate renews and does nothing else', async () => {
  const clock = adjustable()
  await using mesh = await startTestControl({ clock })
  const { port } = mesh.control
  const credentials = await join(mesh, 'web')
  clock.aheadMs = 2 * DAY_MS
  await using nosy = await ProxyClient.dial(port, credentials)
  nosy.hello()
  expect((await nosy.whenClosed()).code).toBe(CLOSE_PROTOCOL)
  expect(nosy.held.size).toBe(0)
  await using late = await ProxyClient.dial(port, credentials)
  const key = await newKey()
  late.send({ type: 'renew', csr: key.csr })
  const renewed = await late.next('certificate')
  const leaf = new X509Certificate(renewed.chain)
  expect(leaf.subjectAltName).toContain('URI:spiffe://test.heddle/service/web')
  expect(leaf.subjectAltName).toContain(`DNS:${credentials.instance}`)
  expect(leaf.validToDate.getTime()).toBeGreaterThan(clock.now())
  clock.aheadMs = 33 * DAY_MS
  expect(await upgradeStatus(port, '/v1/proxy', credentials)).toBe(401)
})

// The settings decide how long leaves last; a renewal takes the present setting, and the new key from then on.
test('renewal over the open connection', async () => {
  await using mesh = await startTestControl()
  const credentials = await join(mesh, 'web')
  await using web = await ProxyClient.connect(mesh.control.port, credentials)
  const settings = {
    apiVersion: 'heddle.dev/v1',
    kind: 'MeshSettings',
    metadata: { name: 'mesh' },
    spec: { leafCertificateTtl: '1m', accessLog: { sample: 0.5 } },
  }
  await applyDocuments(mesh.db, { actor: 'test', documents: [settings] })
  await web.next('delta')
  web.send({ type: 'renew', csr: (await rsaKey()).csr })
  expect((await web.next('renewal_refused')).reason).toContain('P-256')
  const key = await newKey()
  web.send({ type: 'renew', csr: key.csr })
  const { chain, roots } = await web.next('certificate')
  const leaf = new X509Certificate(chain)
  expect(leaf.validToDate.getTime() - leaf.validFromDate.getTime()).toBe(6 * 60_000)
  expect(roots).toEqual(credentials.roots)
  const serial = leaf.serialNumber.toLowerCase()
  await eventually('the new leaf in the database', async () =>
    (await findIssued(mesh.db, credentials.instance))?.serial === serial ? true : undefined,
  )
  await using again = await ProxyClient.connect(mesh.control.port, { ...credentials, chain, key: key.pem })
  expect(again.held.has('mesh')).toBe(true)
})

// Revocation ends what is open within seconds and lets nothing in again.
test('a revoked instance is put out and kept out', async () => {
  await using mesh = await startTestControl()
  const { port } = mesh.control
  const credentials = await join(mesh, 'web')
  await using bad = await ProxyClient.connect(port, credentials)
  await using good = await ProxyClient.connect(port, await join(mesh, 'web'))
  await revoke(mesh.db, { kind: 'instance', name: credentials.instance, reason: 'test', actor: 'test' })
  expect((await bad.whenClosed()).code).toBe(CLOSE_REVOKED)
  expect(await good.next('revoked')).toEqual({ type: 'revoked', identities: [], instances: [credentials.instance] })
  expect(await upgradeStatus(port, '/v1/proxy', credentials)).toBe(403)
})

// Two processes with one state directory: the newer connection is the instance.
test('one instance has one connection', async () => {
  await using mesh = await startTestControl()
  const credentials = await join(mesh, 'web')
  await using first = await ProxyClient.connect(mesh.control.port, credentials)
  await using second = await ProxyClient.connect(mesh.control.port, credentials)
  expect((await first.whenClosed()).code).toBe(CLOSE_PROTOCOL)
  expect(second.closed).toBeNull()
})

// What breaks the protocol ends the connection with a reason, and nothing else.
test('nonsense ends a connection', async () => {
  await using mesh = await startTestControl()
  const credentials: Credentials = await join(mesh, 'web')
  const { port } = mesh.control
  await using rude = await ProxyClient.dial(port, credentials)
  rude.socket.send('{"type":"metrics","ageMs":-1}')
  expect((await rude.whenClosed()).code).toBe(CLOSE_PROTOCOL)
  await using early = await ProxyClient.dial(port, credentials)
  early.send({ type: 'subscribe', names: ['destination/catalog'] })
  expect(await early.whenClosed()).toEqual({ code: CLOSE_PROTOCOL, reason: 'hello comes first' })
  await using nowhere = await ProxyClient.dial(port, credentials)
  nowhere.hello({ inbound: { address: 'http://evil/', port: 80, public: null } })
  expect((await nowhere.whenClosed()).code).toBe(CLOSE_PROTOCOL)
  await using huge = await ProxyClient.dial(port, credentials)
  huge.socket.send('x'.repeat(MAX_FRAME_BYTES + 1))
  expect((await huge.whenClosed()).code).not.toBe(1000)
  await using binary = await ProxyClient.dial(port, credentials)
  binary.socket.send(Buffer.from('{}'), { binary: true })
  expect((await binary.whenClosed()).code).toBe(1008)
})

// The console's secret opens once, is for this user's eyes, and is new after each start.
test('the secret of the console is spent by its first use', async () => {
  await using mesh = await startTestControl()
  const file = await readSecret(mesh)
  expect(file.mode).toBe(0o600)
  expect(file).toMatchObject({ rootSha256: mesh.control.rootSha256, controlUrl: mesh.control.url })
  expect(codeOf(await tryEnrol(mesh, 'x'.repeat(43)))).toBe('secret_invalid')
  expect((await tryEnrol(mesh, file.secret)).status).toBe(200)
  expect(codeOf(await tryEnrol(mesh, file.secret))).toBe('secret_invalid')
  await mesh.restart()
  const next = await readSecret(mesh)
  expect(next.secret).not.toBe(file.secret)
  expect((await tryEnrol(mesh, next.secret)).status).toBe(200)
})

// The console renews its own leaf over its stream, and stays the console.
test('the console renews itself', async () => {
  await using mesh = await startTestControl()
  const credentials = await enrol(mesh)
  await using console = await ConsoleClient.connect(mesh, credentials)
  const key = await newKey()
  console.socket.send(JSON.stringify({ type: 'renew', csr: key.csr }))
  const chain = await console.find('a certificate', (message) =>
    message.type === 'certificate' ? message.chain : undefined,
  )
  expect(new X509Certificate(chain).subjectAltName).toBe('URI:spiffe://test.heddle/console')
  await using again = await ConsoleClient.connect(mesh, { ...credentials, chain, key: key.pem })
  await again.find('the state', (message) => (message.type === 'state' ? true : undefined))
})

function dial(port: number, options: object): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ...options }, () => resolve(socket))
    socket.on('error', reject)
  })
}
