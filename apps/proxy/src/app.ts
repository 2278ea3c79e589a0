// The order in which a proxy starts, and what it owns:
//   state directory → ports chosen → identity (disk, or join) → config (disk) → control client → config (first snapshot)
//   → listeners and admin → ready; then the app's readiness decides whether callers are sent here.
// Everything below is handed what it needs; nothing else in the proxy knows all of the parts.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Clock, systemClock } from '@heddle/shared/clock'
import { upstreamText } from '@heddle/shared/upstream'
import { startAdmin } from './admin/adminServer.ts'
import type { ProxyConfig } from './config.ts'
import { createControlSide } from './control/controlSide.ts'
import { EjectionReport } from './control/ejectionReport.ts'
import type { Registration } from './control/session.ts'
import { advertisedHost, inboundAddress } from './identity/addresses.ts'
import { controlAddress } from './identity/controlPeer.ts'
import { MeshIdentity } from './identity/meshIdentity.ts'
import { obtainIdentity } from './identity/obtain.ts'
import type { AppHealth } from './lifecycle/appHealth.ts'
import { watchApp } from './lifecycle/appWatch.ts'
import { bindPorts, chosenPorts, portWishes } from './lifecycle/bindings.ts'
import { Readiness } from './lifecycle/readiness.ts'
import type { StartError } from './lifecycle/startError.ts'
import { firstConfig, firstRenewal, within } from './lifecycle/starting.ts'
import { hostId } from './state/hostId.ts'
import { type Ports, StateDirectory } from './state/stateDirectory.ts'
import { AccessLog } from './telemetry/accessLog.ts'
import { fileOrStdoutSink, JsonLog, stdoutSink } from './telemetry/log.ts'
import { metricsPage } from './telemetry/metricsPage.ts'
import { Recorder } from './telemetry/recorder.ts'
import { Reports } from './telemetry/reports.ts'
import { openDataPlane } from './workers/dataPlane.ts'

/** Shown by `heddle status`. */
const BUILD = '0.1.0'
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
  /** Whether the app takes traffic, at each change; never called for a client only. */
  onAppHealth?: (health: AppHealth) => void
  clock?: Clock
  /** In [0, 1). */
  random?: () => number
}

export interface RunningProxy extends AsyncDisposable {
  readonly instance: string
  /** It joined at this start; else it came back as what it was. */
  readonly isNew: boolean
  readonly ports: Ports
  readonly log: JsonLog
  /** Resolves when it cannot serve any more, with why; it is to be disposed of then. */
  readonly failed: Promise<StartError>
  /** Leaves the registry; resolves when the callers were told, within 2 s. Safe to call again. */
  withdraw(): Promise<void>
  /** Lets inbound requests in flight end, for at most `deadlineMs`; outbound goes on. */
  drain(deadlineMs: number): Promise<void>
  /** Sends the last metrics, then closes everything. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Resolves when the proxy serves. Rejects with a StartError that says what to do; nothing is left open then. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { config, joinToken, logTo, onAppHealth = () => {}, clock = systemClock, random = Math.random } = options
  await using owned = new AsyncDisposableStack()

  const log = owned.use(new JsonLog())
  const state = owned.use(StateDirectory.claim({ ...config, log }))
  const { instance } = state
  log.open(logTo === 'stdout' ? stdoutSink() : fileOrStdoutSink(join(config.home, 'logs', `${instance}.log`)), {
    instance,
  })
  const readiness = new Readiness()
  for (const step of ['the first config', 'the ports']) readiness.await(step)

  // Before joining: a port that cannot be had must not cost a token's use.
  const listenAddress = inboundAddress(config)
  const wishes = portWishes(config, listenAddress)
  const choosePorts = () => chosenPorts(wishes, state, config, random)
  let ports = await choosePorts()

  const obtained = await obtainIdentity({ config, state, joinToken, clock, log })
  const identity = new MeshIdentity({
    ...obtained,
    clock,
    random,
    save: (certificate) => void state.writeCertificate(certificate),
  })

  const bootId = randomUUID()
  const accessLog = new AccessLog(log, random)
  const recorder = new Recorder(clock, log, accessLog)
  const reports = new Reports(bootId)
  const host = hostId(config.home)
  const registration = () => registrationOf(config, listenAddress, ports, { bootId, hostId: host, build: BUILD })
  const control = createControlSide({ config, state, identity, reports, registration, clock, random, log })
  const { store, client, session } = owned.use(control)
  store.onChange((changed) => {
    if (changed.has('mesh')) accessLog.sample = store.mesh?.accessLogSample ?? 0
  })

  // What was held before may be of another mesh where this start had to join one.
  if (!obtained.isJoined) control.restore()
  control.connect()
  // Loaded, or started, while the control plane works on its answer.
  const opening = openDataPlane({ workers: config.workers, store, identity, recorder, log, clock, random })
  owned.defer(async () => (await opening)[Symbol.asyncDispose]())
  await firstRenewal(identity, clock)
  await firstConfig(control)
  readiness.met('the first config')

  const plane = await opening
  const { workers } = plane
  const page = metricsPage(recorder, { client, store, session, identity, state, reports, log, readiness, workers })
  const metrics = async () => {
    await plane.count()
    return page()
  }
  const bind = async (wanted: Ports) => {
    const settings = {
      service: config.service,
      version: config.version,
      instance,
      appPort: config.appPort,
      publicPort: wanted.public,
      outboundPort: wanted.outbound,
      inboundPort: wanted.inbound ?? 0,
      upstreams: config.upstreams,
      listenAddress,
      controls: config.controls.map(controlAddress).map(({ host, port }) => ({ address: host, port })),
    }
    const dataPath = plane.create(settings)
    await dataPath.listen()
    try {
      const admin = await startAdmin({ port: wanted.admin, obstacles: () => readiness.obstacles(), metrics })
      return { dataPath, admin }
    } catch (error) {
      await dataPath.close()
      throw error
    }
  }
  const { bound, ports: boundPorts } = await bindPorts(ports, wishes, config.upstreams, choosePorts, bind, log)
  const { dataPath, admin } = bound
  owned.use(admin)
  let closing: Promise<void> | undefined
  const closeDataPath = () => {
    closing ??= dataPath.close()
    return closing
  }
  owned.defer(closeDataPath)
  const isRegisteredElsewhere = boundPorts !== ports
  ports = boundPorts
  if (isRegisteredElsewhere && client.isConnected) session.hello()
  state.writePorts(ports)
  readiness.met('the ports')

  const ejections = new EjectionReport(dataPath.ejections, (endpoints) => session.reportEjections(endpoints))
  control.onConnected(() => ejections.forget())
  const report = () => {
    for (const contents of recorder.drain()) reports.add(contents, clock.monotonic())
    session.tick()
  }
  const timers = [
    setInterval(() => {
      session.tick()
      ejections.tick()
    }, TICK_MS),
    setInterval(report, REPORT_MS),
  ]
  owned.defer(() => timers.forEach(clearInterval))
  const app = owned.use(watchApp(config, readiness, session, onAppHealth))
  log.info('serving', {
    service: config.service,
    version: config.version,
    ...ports,
    upstreams: config.upstreams.map(upstreamText),
  })

  const everything = owned.move()
  return {
    instance,
    isNew: obtained.isJoined,
    ports,
    log,
    failed: plane.failed,
    async withdraw() {
      app[Symbol.dispose]()
      readiness.leave()
      const told = session.withdraw()
      // A client has no callers to wait for.
      if (ports.inbound !== null) await within(WITHDRAW_MS, told)
    },
    drain: (deadlineMs) => dataPath.drain(deadlineMs),
    async [Symbol.asyncDispose]() {
      // First, so that what this ends is counted.
      await closeDataPath()
      report()
      if (client.isConnected) await within(FLUSH_MS, reports.settled())
      await everything.disposeAsync()
    },
  }
}

function registrationOf(
  config: ProxyConfig,
  listenAddress: string,
  { outbound, inbound, admin, public: publicPort }: Ports,
  rest: Pick<Registration, 'bootId' | 'hostId' | 'build'>,
): Registration {
  const advertised = advertisedHost(config, listenAddress)
  const port = config.advertise?.port ?? inbound
  return { ...rest, outbound, admin, inbound: port === null ? null : { advertised, port, public: publicPort } }
}
