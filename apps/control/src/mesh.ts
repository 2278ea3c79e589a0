// The mesh in memory and those who keep it, wired to each other: what is loaded goes into the index, what changes in
// the index goes to the proxies, what proxies say goes to the registry and to the metrics, and the console sees it all.
import type { Database } from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import { ControlMetrics } from './admin/metrics.ts'
import type { Authority } from './ca/authority.ts'
import { Renewals } from './ca/renewal.ts'
import { ProxyStates } from './console/proxyStates.ts'
import { ConsoleStream } from './console/stream.ts'
import { CLOSE_GOING_AWAY } from './listen/messageSocket.ts'
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

export interface MeshOptions {
  db: Database
  /** Connections that nothing but the registry's upkeep uses. */
  upkeepDb: Database
  authority: Authority
  clock: Clock
  log: Log
  /** Of this control plane. */
  id: string
  build: string
  /** Base URLs of this control plane, for proxies to come back to. */
  ownUrls: () => readonly string[]
  bufferCapBytes?: number
}

export interface Mesh {
  readonly index: MeshIndex
  readonly loader: MeshLoader
  readonly queue: PushQueue
  readonly connections: Connections
  readonly stream: ConsoleStream
  readonly renewals: Renewals
  readonly series: SeriesCap
  readonly upkeep: Upkeep
  readonly metrics: ControlMetrics
  /** Says goodbye to proxies and consoles. */
  disconnect(): void
  /** Writes what is owed and ends every timer. */
  close(): Promise<void>
}

export function createMesh(options: MeshOptions): Mesh {
  const { db, authority, clock, log, id } = options
  const index = new MeshIndex(authority.trustDomain)
  index.setRoots(authority.roots())
  const failed = () => upkeep.failed()

  const proxies = new ProxyStates()
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
    mesh: {
      isService: (name) => index.service(name) !== undefined,
      ruleTarget: (rule) => index.ruleTarget(rule),
    },
    onFailed: failed,
  })

  const renewals = new Renewals({ db, authority, log, onRenewed: () => metrics.renewals.inc() })
  const used = new UsedDestinations(db)
  let controls: readonly string[] = []
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
      leafTtlMs: () => index.policy.leafCertificateTtlMs,
      controls: () => controls,
    },
    clock,
    log,
    ...(options.bufferCapBytes === undefined ? {} : { bufferCapBytes: options.bufferCapBytes }),
    onCutOff: () => metrics.cutOff.inc(),
  })
  const stream = new ConsoleStream({ controlId: id, clock, live, hub, proxies })

  const upkeep = new Upkeep({
    db: options.upkeepDb,
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
      const next = [...new Set([...options.ownUrls(), ...found])]
      if (next.join() === controls.join()) return
      controls = next
      connections.broadcast({ type: 'controls', urls: next })
    },
    onDatabase: (isReachable) => {
      if (isReachable) void renewals.recordAll()
    },
  })
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

  return {
    index,
    loader,
    queue,
    connections,
    stream,
    renewals,
    series,
    upkeep,
    metrics,
    disconnect() {
      stream.close(CLOSE_GOING_AWAY, 'the control plane is shutting down')
      connections.close()
    },
    async close() {
      await upkeep.close()
      loader.close()
      queue.close()
      await ingest.close()
      await used.close()
    },
  }
}
