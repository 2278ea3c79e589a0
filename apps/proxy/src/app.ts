// The order in which a proxy starts, and what it owns:
//   state directory → identity (disk, or join) → config (disk) → control client → config (first snapshot)
//   → listeners → admin → ready; then the app's readiness is what decides whether callers are sent here.
// Everything below is handed what it needs; nothing else in the proxy knows all of the parts.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, systemClock } from '@heddle/shared/clock'
import { startAdmin } from './admin/adminServer.ts'
import type { ProxyConfig } from './config.ts'
import { ControlClient } from './control/client.ts'
import { ConfigStore } from './control/configStore.ts'
import { EjectionReport } from './control/ejectionReport.ts'
import { ConfigSaver, savedConfigSchema } from './control/savedConfig.ts'
import { ControlSession } from './control/session.ts'
import { inboundAddress } from './identity/addresses.ts'
import { MeshIdentity } from './identity/meshIdentity.ts'
import { obtainIdentity } from './identity/obtain.ts'
import { AppProbe } from './lifecycle/appProbe.ts'
import { bindPorts, chosenPorts, portWishes } from './lifecycle/bindings.ts'
import { Readiness } from './lifecycle/readiness.ts'
import { EXIT, StartError } from './lifecycle/startError.ts'
import { hostId } from './state/hostId.ts'
import { type Ports, StateDirectory } from './state/stateDirectory.ts'
import { AccessLog } from './telemetry/accessLog.ts'
import { fileSink, JsonLog, stdoutSink } from './telemetry/log.ts'
import { Recorder } from './telemetry/recorder.ts'
import { Reports } from './telemetry/reports.ts'

/** Shown by `heddle status`. */
const BUILD = '0.1.0'
/** With nothing on disk, a control plane must answer within this time. */
const FIRST_CONFIG_MS = 10_000
/** An expired certificate is renewed before traffic is taken, if a control plane is there. */
const FIRST_RENEWAL_MS = 3_000
const REPORT_MS = 5_000
const TICK_MS = 1_000
/** How long callers have to turn away; also waited where no control plane is there to tell them. */
const WITHDRAW_MS = 2_000
/** For the last metrics to be acknowledged. */
const FLUSH_MS = 1_000

export interface ProxyOptions {
  config: ProxyConfig
  /** Asked only where there is no usable certificate in the state directory. */
  joinToken: () => Promise<string>
  /** `file`: HEDDLE_HOME/logs/<instance>.log. */
  logTo: 'file' | 'stdout'
  clock?: Clock
  /** In [0, 1). */
  random?: () => number
}

export interface RunningProxy extends AsyncDisposable {
  readonly instance: string
  readonly ports: Ports
  readonly log: JsonLog
  /** Leaves the registry; resolves when the callers were told, within 2 s. Safe to call again. */
  withdraw(): Promise<void>
  /** Lets inbound requests in flight end, for at most `deadlineMs`; outbound goes on. */
  drain(deadlineMs: number): Promise<void>
  /** Sends the last metrics, then closes everything. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Resolves when the proxy serves. Rejects with a StartError that says what to do; nothing is left open then. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { config, joinToken, logTo, clock = systemClock, random = Math.random } = options
  await using starting = new AsyncDisposableStack()

  const log = starting.use(new JsonLog())
  const state = starting.use(StateDirectory.claim({ ...config, log }))
  log.open(logTo === 'stdout' ? stdoutSink : fileSink(join(config.home, 'logs', `${state.instance}.log`)), {
    instance: state.instance,
  })
  const readiness = new Readiness()
  readiness.await('the first config')
  readiness.await('the ports')

  const obtained = await obtainIdentity({ config, state, joinToken, clock, log })
  const identity = new MeshIdentity({
    ...obtained,
    clock,
    random,
    log,
    save: (certificate) => void state.writeCertificate(certificate),
  })

  const accessLog = new AccessLog(log, random)
  const reports = new Reports(randomUUID())
  const store = new ConfigStore(config.service, (names) => session.subscribe(names), log)
  const recorder = new Recorder(clock, log, accessLog)
  let controls: string[] = []
  const saver = new ConfigSaver(
    state,
    () =>
      `{"config":${store.serialize()},"controls":${JSON.stringify(controls)},"revoked":${JSON.stringify(identity.revoked())}}`,
  )
  const client: ControlClient = new ControlClient({
    urls: config.controls,
    material: () => identity.current(),
    clock,
    random,
    log,
    onOpen: (localAddress) => session.opened(localAddress),
    onText: (text) => session.received(text),
    onLost: () => session.lost(),
  })
  const address = inboundAddress(config)
  const wishes = portWishes(config, address)
  let ports = await chosenPorts(wishes, state, config, random)
  const bootId = randomUUID()
  const host = hostId(config.home)
  const session: ControlSession = new ControlSession({
    client,
    store,
    identity,
    reports,
    registration: () => ({
      bootId,
      hostId: host,
      build: BUILD,
      outbound: ports.outbound,
      admin: ports.admin,
      inbound:
        ports.inbound === null
          ? null
          : {
              advertised: config.advertise?.host ?? null,
              port: config.advertise?.port ?? ports.inbound,
              public: ports.public,
            },
    }),
    clock,
    random,
    log,
    onStateChanged: () => saver.changed(),
    onControls: (urls) => {
      controls = urls
      client.setUrls(urls)
    },
  })
  starting.use(
    store.onChange((changed) => {
      if (changed.has('mesh')) accessLog.sample = store.mesh?.accessLogSample ?? 0
    }),
  )

  // What was held before may belong to another mesh where this start had to join one.
  const saved = obtained.isJoined ? undefined : state.readSnapshot(savedConfigSchema)
  if (saved !== undefined) {
    identity.revoke(saved.revoked.identities, saved.revoked.instances)
    controls = saved.controls
    client.setUrls(controls)
    if (saved.config !== null) store.restore(saved.config)
  }
  starting.use(saver)
  starting.use(client).start()
  await firstRenewal(identity, clock)
  await firstConfig(store, session, client)
  readiness.met('the first config')

  // Loaded here, so that the control plane works on its answer meanwhile.
  const { createDataPath } = await import('./path/dataPath.ts')
  const bindDataPath = async (wanted: Ports) => {
    const dataPath = createDataPath({
      view: store,
      identity,
      telemetry: recorder,
      clock,
      random,
      log,
      settings: {
        service: config.service,
        version: config.version,
        instance: state.instance,
        appPort: config.appPort,
        publicPort: wanted.public,
        outboundPort: wanted.outbound,
        inboundPort: wanted.inbound ?? 0,
        listenAddress: address,
      },
    })
    await dataPath.listen()
    try {
      const admin = await startAdmin({ port: wanted.admin, awaited: () => readiness.awaited(), metrics })
      return { dataPath, admin }
    } catch (error) {
      await dataPath.close()
      throw error
    }
  }
  const metrics = lazyMetrics(async () => {
    const { createRegistry } = await import('./telemetry/prometheus.ts')
    return createRegistry(recorder, {
      controlConnected: () => client.isConnected,
      configRevision: () => store.position?.revision ?? 0,
      configApplied: () => session.counters.applied,
      configRefused: () => session.counters.refused,
      certificateNotAfter: () => identity.current().notAfter,
      stateWritable: () => state.writable,
      stateWriteFailures: () => state.failedWrites,
      reportsWaiting: () => reports.waiting,
      reportsDropped: () => reports.dropped,
      logLinesDropped: () => log.dropped,
      ready: () => readiness.isReady,
    })
  })
  const chosen = ports
  const { bound, ports: boundPorts } = await bindPorts(
    chosen,
    wishes,
    () => chosenPorts(wishes, state, config, random),
    bindDataPath,
    log,
  )
  starting.use(bound.admin)
  starting.defer(() => bound.dataPath.close())
  if (boundPorts !== chosen) {
    ports = boundPorts
    if (client.isConnected) session.hello()
  }
  state.writePorts(ports)
  readiness.met('the ports')

  const ejections = new EjectionReport(
    () => bound.dataPath.ejections(),
    (endpoints) => session.reportEjections(endpoints),
  )
  const tick = setInterval(() => {
    session.tick()
    ejections.tick()
  }, TICK_MS)
  const report = setInterval(() => {
    for (const contents of recorder.drain()) reports.add(contents, clock.monotonic())
    session.tick()
  }, REPORT_MS)
  starting.defer(() => {
    clearInterval(tick)
    clearInterval(report)
  })
  const probe = startProbe(config, readiness, session)
  starting.defer(() => probe?.[Symbol.dispose]())
  log.info('serving', { service: config.service, version: config.version, ...ports })

  const owned = starting.move()
  return {
    instance: state.instance,
    ports,
    log,
    async withdraw() {
      probe?.[Symbol.dispose]()
      readiness.await('nothing any more', 'this instance is leaving')
      const told = session.withdraw()
      // A client has no callers to wait for.
      if (ports.inbound !== null) await Promise.race([told, sleep(WITHDRAW_MS, undefined, { ref: false })])
    },
    drain: (deadlineMs) => bound.dataPath.drain(deadlineMs),
    async [Symbol.asyncDispose]() {
      for (const contents of recorder.drain()) reports.add(contents, clock.monotonic())
      session.tick()
      if (client.isConnected) await Promise.race([reports.settled(), sleep(FLUSH_MS)])
      await owned.disposeAsync()
    },
  }
}

/** Until the certificate can be used, or long enough. */
async function firstRenewal(identity: MeshIdentity, clock: Clock): Promise<void> {
  if (identity.current().notAfter > clock.now()) return
  const renewed = Promise.withResolvers<void>()
  using _ = identity.onChange(() => renewed.resolve())
  await Promise.race([renewed.promise, sleep(FIRST_RENEWAL_MS)])
}

async function firstConfig(store: ConfigStore, session: ControlSession, client: ControlClient): Promise<void> {
  if (store.position !== null) return
  const isInTime = await Promise.race([session.firstSnapshot.then(() => true), sleep(FIRST_CONFIG_MS, false)])
  if (isInTime) return
  throw new StartError(
    EXIT.unavailable,
    `No control plane has sent config within ${FIRST_CONFIG_MS / 1_000} s, and there is none on disk from before` +
      `${client.lastFailure === '' ? '' : ` (${client.lastFailure})`}. Start one with \`heddle up\`, or name it with --control.`,
  )
}

/** A client is ready with its proxy; a server when its app is. */
function startProbe(config: ProxyConfig, readiness: Readiness, session: ControlSession): AppProbe | undefined {
  if (config.appPort === null) {
    session.setReady(true, undefined)
    return undefined
  }
  readiness.await('the app', 'not asked yet')
  const probe = new AppProbe({
    port: config.appPort,
    readyPath: config.readyPath,
    onChange: ({ isReady, reason }) => {
      if (isReady) readiness.met('the app')
      else readiness.await('the app', reason ?? '')
      session.setReady(isReady, reason ?? undefined)
    },
  })
  probe.start()
  return probe
}

type Metrics = { text: string; contentType: string }

/** prom-client is loaded at the first scrape. */
function lazyMetrics(
  create: () => Promise<{ metrics(): Promise<string>; readonly contentType: string }>,
): () => Promise<Metrics> {
  let registry: ReturnType<typeof create> | undefined
  return async () => {
    registry ??= create()
    const { contentType, metrics } = await registry.then((made) => ({
      contentType: made.contentType,
      metrics: () => made.metrics(),
    }))
    return { text: await metrics(), contentType }
  }
}
