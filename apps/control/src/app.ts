// The control plane, put together. It starts in the order in which this file reads: database, authority, the mesh in
// memory, what serves it, the doors; and ends in the opposite one.
import { join } from 'node:path'
import { CONFIG_CHANNEL, grantConsoleRole, listen, migrate, openDatabase, startGrace } from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import { newId } from '@heddle/shared/joinToken'
import { startAdminServer } from './admin/adminServer.ts'
import { ControlMetrics } from './admin/metrics.ts'
import { openAuthority } from './ca/authority.ts'
import { makeOwnCertificate } from './ca/ownCertificate.ts'
import { Renewals } from './ca/renewal.ts'
import { baseUrl, type ControlConfig, reachableAddresses } from './config.ts'
import { openConsole } from './console/consoleConnections.ts'
import { ProxyStates } from './console/proxyStates.ts'
import { writeConsoleSecret } from './console/secret.ts'
import { ConsoleStream } from './console/stream.ts'
import { createDoor } from './listen/door.ts'
import { CONSOLE_TTL_MS, createJoining } from './listen/join.ts'
import { CLOSE_GOING_AWAY } from './listen/messageSocket.ts'
import { listenTls } from './listen/tlsServer.ts'
import type { Log } from './log.ts'
import { MetricsIngest } from './metrics/ingest.ts'
import { LiveWindow } from './metrics/liveWindow.ts'
import { SeriesCap } from './metrics/seriesCap.ts'
import { Connections } from './push/connections.ts'
import { PushHub } from './push/hub.ts'
import { PushQueue } from './push/pushQueue.ts'
import { UsedDestinations } from './push/usedDestinations.ts'
import { Membership } from './registry/membership.ts'
import { MeshLoader } from './registry/meshLoader.ts'
import { Upkeep } from './registry/upkeep.ts'
import { MeshIndex } from './render/meshIndex.ts'
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

  await migrate({ url: options.databaseUrl, log: (line) => log('info', line) })
  const db = owned.use(
    await openDatabase({ url: options.databaseUrl, applicationName: 'heddle control', maxConnections: 12 }),
  )
  if (options.consoleDatabaseUrl !== null) await grantConsoleRole(db, options.consoleDatabaseUrl)
  const id = await wordInFile(join(home, 'control', 'id'), newId)
  const hostId = await wordInFile(join(home, 'host-id'), newId)

  const authority = await openAuthority({ db, keyFile: join(home, 'control', 'ca.key'), trustDomain, clock, log })

  const index = new MeshIndex(trustDomain)
  index.setRoots(authority.roots())
  const proxies = new ProxyStates()
  const metrics = new ControlMetrics({
    revision: () => loader.at,
    proxies: () => hub.size,
    consoles: () => stream.size,
    databaseReachable: () => upkeep.isReachable,
    queuedRows: () => ingest.queuedRows,
    liveRows: () => live.rows,
    series: () => series.size,
    foldedRows: () => series.folded,
    ingest: () => ingest.counters,
  })
  const hub = new PushHub(index, clock, {
    acknowledged: (_session, delayMs) => {
      metrics.acks.inc()
      metrics.ackDelay.observe(delayMs / 1_000)
    },
    refused: (session, reason) => {
      metrics.nacks.inc()
      log('warn', 'a proxy refused its configuration', { instance: session.facts.instance, reason })
    },
    stateChanged: (session) => proxies.changed(session),
  })
  const failed = () => upkeep.failed()
  const loader = new MeshLoader({
    db,
    index,
    clock,
    log,
    onChange: (names, causes) => queue.add(names, causes),
    onRevocations: (revocations) => connections.revoked(revocations),
    isAhead: (instance) => membership.isAhead(instance),
  })
  const queue = new PushQueue(hub, () => loader.at)
  owned.defer(() => queue.close())
  owned.defer(() => loader.close())
  const membership = new Membership({
    db,
    index,
    log,
    onChange: (names) => queue.add(names),
    onCommitted: (revision) => loader.committed(revision),
    onRefused: (instance, reason) => {
      queue.add(index.removeInstance(instance))
      connections.refuse(instance, reason)
    },
    onFailed: failed,
  })

  const live = new LiveWindow()
  const series = new SeriesCap()
  const ingest = new MetricsIngest({
    db,
    controlId: id,
    clock,
    log,
    live,
    series,
    ruleTarget: (rule) => index.ruleTarget(rule),
    onFailed: failed,
  })
  const renewals = new Renewals({ db, authority, log, onRenewed: () => metrics.renewals.inc() })
  const used = new UsedDestinations(db)
  let controls: readonly string[] = []
  const leafTtlMs = () => index.policy.leafCertificateTtlMs
  const connections = new Connections({
    services: {
      controlId: id,
      hub,
      queue,
      loader,
      membership,
      renewals,
      ingest,
      used,
      clock,
      leafTtlMs,
      controls: () => controls,
    },
    clock,
    log,
    ...(options.bufferCapBytes === undefined ? {} : { bufferCapBytes: options.bufferCapBytes }),
    onCutOff: () => metrics.cutOff.inc(),
  })
  const stream = new ConsoleStream({ controlId: id, clock, live, hub, proxies })
  owned.defer(() => used.close())
  owned.defer(() => ingest.close())

  let ownUrls: readonly string[] = options.advertisedUrls
  const upkeep = new Upkeep({
    db,
    index,
    loader,
    membership,
    controlPlane: { id, build: options.build },
    log,
    onChange: (names) => queue.add(names),
    onRemoved: (instances) => {
      for (const instance of instances) proxies.removed(instance)
    },
    onControls: (found) => {
      const next = [...new Set([...ownUrls, ...found])]
      if (next.join() === controls.join()) return
      controls = next
      connections.broadcast({ type: 'controls', urls: next })
    },
    onDatabase: (isReachable) => {
      if (isReachable) void renewals.recordAll()
    },
  })

  // Notifications first, then the reading: nothing that is committed in between is missed.
  owned.use(
    await listen(options.databaseUrl, CONFIG_CHANNEL, {
      onNotify: (payload) => loader.notified(Number(payload)),
      onConnect: () => upkeep.maybeBack(),
      onDisconnect: failed,
    }),
  )
  await loader.load()
  await startGrace(db)

  const addresses = reachableAddresses(options.listenAddress)
  const advertisedHosts = options.advertisedUrls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''))
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...addresses, ...advertisedHosts])]
  let timekeeping: Timekeeping | undefined
  let own = await makeOwnCertificate(authority, hosts, clock)
  const joining = createJoining({
    db,
    authority,
    clock,
    log,
    hostId,
    leafTtlMs,
    onCreated: () => loader.load().catch(failed),
    onResult: (result) => metrics.joins.inc({ result }),
  })
  const door = createDoor({
    authority,
    clock,
    log,
    revocations: () => loader.revocations,
    join: joining.join,
    joinConsole: joining.joinConsole,
    onProxy: (socket, peer) => connections.open(socket, peer),
    onConsole: (socket) => openConsole(socket, { stream, renewals, ttlMs: CONSOLE_TTL_MS, clock, log }),
    onConsoleExpired: () => timekeeping?.consoleNeedsSecret(),
    onRefused: (reason) => metrics.refusedConnections.inc({ reason }),
  })
  const listener = owned.use(
    await listenTls({
      address: options.listenAddress,
      port: options.port,
      certificate: { ...own, roots: authority.roots() },
      onRequest: door.onRequest,
      onUpgrade: door.onUpgrade,
    }),
  )
  owned.defer(() => {
    listener.stop()
    stream.close(CLOSE_GOING_AWAY, 'the control plane is shutting down')
    connections.close()
  })
  if (ownUrls.length === 0) ownUrls = [baseUrl(addresses[0] ?? '127.0.0.1', listener.port)]
  const [url = baseUrl('127.0.0.1', listener.port)] = ownUrls
  owned.defer(() => upkeep.close())
  await upkeep.start(url)

  const admin = owned.use(
    await startAdminServer({
      port: options.adminPort,
      notReady: () => null,
      metrics: () => metrics.registry.metrics(),
    }),
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
    rootsChanged: () => queue.add(index.setRoots(authority.roots())),
    forgetIdleSeries: () => series.forgetIdle(clock.monotonic()),
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
