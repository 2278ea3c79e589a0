// The control plane, put together. It starts in the order in which this file reads: database, authority, the mesh in
// memory, the doors, what is done by the clock; and ends in the opposite one.
import { join } from 'node:path'
import {
  CONFIG_CHANNEL,
  grantConsoleRole,
  isConnectionFailure,
  listen,
  migrate,
  openDatabase,
  readNotice,
  startGrace,
} from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import { newId } from '@heddle/shared/joinToken'
import { startAdminServer } from './admin/adminServer.ts'
import { openAuthority } from './ca/authority.ts'
import { makeOwnCertificate } from './ca/ownCertificate.ts'
import { baseUrl, type ControlConfig, reachableAddresses } from './config.ts'
import { openConsole } from './console/consoleConnections.ts'
import { writeConsoleSecret } from './console/secret.ts'
import { createDoor } from './listen/door.ts'
import { CONSOLE_TTL_MS, createJoining } from './listen/join.ts'
import { namingPort } from './listen/portTaken.ts'
import { listenTls } from './listen/tlsServer.ts'
import type { Log } from './log.ts'
import { createMesh } from './mesh.ts'
import { wordInFile } from './stateFiles.ts'
import { startTimekeeping, type Timekeeping } from './timekeeping.ts'

export interface ControlOptions extends ControlConfig {
  clock: Clock
  log: Log
  /** Shown with the control plane. */
  build: string
  /** What may wait to be sent to one proxy, in bytes; for tests. */
  bufferCapBytes?: number
}

export interface RunningControl extends AsyncDisposable {
  readonly id: string
  /** First of the advertised base URLs. */
  readonly url: string
  readonly port: number
  readonly adminPort: number
  /** SHA-256 of the root's DER, base64url, as in a join token. */
  readonly rootSha256: string
}

/** Rejects, with everything undone, where the database, the CA key file or a port cannot be had. */
export async function startControl(options: ControlOptions): Promise<RunningControl> {
  const { clock, log, home, trustDomain } = options
  await using owned = new AsyncDisposableStack()

  await migrate({ url: options.databaseUrl, log: (line) => log('info', line) }).catch((cause: unknown) => {
    // The URL carries a password.
    throw new Error(`The database at ${new URL(options.databaseUrl).host} (DATABASE_URL) cannot be used`, { cause })
  })
  const db = owned.use(
    await openDatabase({ url: options.databaseUrl, applicationName: 'heddle control', maxConnections: 12 }),
  )
  const upkeepDb = owned.use(
    await openDatabase({ url: options.databaseUrl, applicationName: 'heddle control upkeep', maxConnections: 2 }),
  )
  if (options.consoleDatabaseUrl !== null) await grantConsoleRole(db, options.consoleDatabaseUrl)
  const id = await wordInFile(join(home, 'control', 'id'), newId)
  const hostId = await wordInFile(join(home, 'host-id'), newId)

  const authority = await openAuthority({ db, keyFile: join(home, 'control', 'ca.key'), trustDomain, clock, log })

  let ownUrls = options.advertisedUrls
  const mesh = createMesh({ ...options, db, upkeepDb, authority, id, ownUrls: () => ownUrls })
  owned.defer(() => mesh.close())
  owned.defer(() => mesh.disconnect())
  // Notifications first, then the reading: nothing that is committed in between is missed.
  owned.use(
    await listen(options.databaseUrl, CONFIG_CHANNEL, {
      onNotify: (payload) => {
        const notice = readNotice(payload)
        if (notice !== undefined) mesh.loader.notified(notice)
      },
      onConnect: () => mesh.upkeep.maybeBack(),
      onDisconnect: () => mesh.upkeep.failed(),
    }),
  )
  await mesh.loader.load()
  await startGrace(db)

  const addresses = reachableAddresses(options.listenAddress)
  const advertisedHosts = options.advertisedUrls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''))
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...addresses, ...advertisedHosts])]
  let own = await makeOwnCertificate(authority, hosts, clock)
  let timekeeping: Timekeeping | undefined
  const joining = createJoining({
    db,
    authority,
    clock,
    log,
    hostId,
    leafTtlMs: () => mesh.index.policy.leafCertificateTtlMs,
    onCreated: () =>
      mesh.loader.load().catch((error: unknown) => {
        if (isConnectionFailure(error)) mesh.upkeep.failed()
      }),
    onResult: (result) => mesh.metrics.joins.inc({ result }),
  })
  const door = createDoor({
    authority,
    clock,
    log,
    revocations: () => mesh.loader.revocations,
    join: joining.join,
    joinConsole: joining.joinConsole,
    onProxy: (socket, peer) => mesh.connections.open(socket, peer),
    onConsole: (socket) => openConsole(socket, { ...mesh, ttlMs: CONSOLE_TTL_MS, clock, log }),
    onConsoleExpired: () => timekeeping?.consoleNeedsSecret(),
    onRefused: (reason) => mesh.metrics.refusedConnections.inc({ reason }),
  })
  const listener = owned.use(
    await namingPort(
      listenTls({
        ...door,
        address: options.listenAddress,
        port: options.port,
        certificate: { ...own, roots: authority.roots() },
      }),
      options.port,
      'the control plane',
      '--control-port (HEDDLE_CONTROL_PORT)',
    ),
  )
  // Closing handshakes need the sockets that the listener's end destroys.
  owned.defer(() => {
    listener.stop()
    mesh.disconnect()
  })
  if (ownUrls.length === 0) ownUrls = [baseUrl(addresses[0] ?? '127.0.0.1', listener.port)]
  const [url = baseUrl('127.0.0.1', listener.port)] = ownUrls
  await mesh.upkeep.start(url)

  const admin = owned.use(
    await namingPort(
      startAdminServer({
        port: options.adminPort,
        notReady: () => null,
        metrics: () => mesh.metrics.registry.metrics(),
      }),
      options.adminPort,
      'admin of the control plane',
      'HEDDLE_CONTROL_ADMIN_PORT',
    ),
  )
  timekeeping = await startTimekeeping({
    db,
    authority,
    clock,
    log,
    renewOwnCertificate: async () => {
      if (clock.now() < own.renewAt) return
      own = await makeOwnCertificate(authority, hosts, clock)
      listener.renew({ ...own, roots: authority.roots() })
    },
    rootsChanged: () => mesh.queue.add(mesh.index.setRoots(authority.roots())),
    forgetIdleSeries: () => mesh.series.forgetIdle(clock.monotonic()),
    writeConsoleSecret: () =>
      writeConsoleSecret({
        db,
        controlId: id,
        file: join(home, 'console-secret'),
        rootSha256: authority.rootSha256(),
        controlUrl: url,
      }),
  })
  owned.use(timekeeping)

  const running = owned.move()
  return {
    id,
    url,
    port: listener.port,
    adminPort: admin.port,
    rootSha256: authority.rootSha256(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
