// Puts the data path together: listeners in front, upstreams behind, the two paths between them, and the clockwork that
// ends what has lasted too long.
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { Upstream } from '@heddle/shared/upstream'
import { appHttp2Pool, appPool } from '../forward/appUpstream.ts'
import { Egress, type Place } from '../forward/egress.ts'
import { lateUpstream } from '../forward/lateUpstream.ts'
import { MeshUpstreams } from '../forward/meshUpstreams.ts'
import { LIMITS, MESH_LIMITS } from '../http2/limits.ts'
import type { IdentitySource, Log, MeshView, Telemetry } from '../interfaces.ts'
import type { Exchange, Origin } from '../listen/exchange.ts'
import type { Http2Front } from '../listen/front.ts'
import { type Listener, startInboundListener } from '../listen/inboundListener.ts'
import { startOutboundListener } from '../listen/outboundListener.ts'
import { startPublicListener } from '../listen/publicListener.ts'
import type { Tunnel } from '../listen/tunnel.ts'
import { BufferBudget } from '../transport/bufferBudget.ts'
import { type Care, MESH_CARE } from '../transport/care.ts'
import { Admission, type AdmissionLimits } from './admission.ts'
import { Destinations } from './destinations.ts'
import { serveInbound } from './inbound.ts'
import { InboundPolicy } from './inboundPolicy.ts'
import { createOpaquePath } from './opaquePath.ts'
import { serveOutbound } from './outbound.ts'
import { recordRefusal } from './refused.ts'
import { serveTunnel } from './tunnels.ts'

const SWEEP_MS = 1_000
/** Of bodies on their way, that nobody has taken yet: several hundred streams that stand still, with full windows. */
const BUFFERED_BYTES = 64 * 1024 * 1024
/** An application that calls us may be stopped by its debugger; and it closes first, as with HTTP/1.1. */
const APP_CARE: Care = { idleMs: 600_000, ping: null }
/** How long callers may take to close connections that they do not use any more. */
const DRAIN_GRACE_MS = 500

export interface DataPathSettings {
  service: string
  version: string
  instance: string
  /** null: a client only, with no inbound port. */
  appPort: number | null
  /** null: no port for callers outside the mesh; 0 picks one. */
  publicPort: number | null
  /** 0 picks one. */
  outboundPort: number
  inboundPort: number
  /** Local ports of TCP services; port 0 picks one. */
  upstreams?: readonly Upstream[]
  /** Where the inbound and public ports listen; the outbound one is on loopback always. */
  listenAddress: string
  /** In (0, 1]: the part of the instance's limits that this process gives out; 1 where it is the whole of it. */
  share?: number
  /** The control planes, which are none of the hosts outside. */
  controls?: readonly Place[]
  /** For tests; each has a default where it is made. */
  limits?: AdmissionLimits & { publicRequestMs?: number; maxOpaque?: number }
}

export interface DataPathParts {
  view: MeshView
  identity: IdentitySource
  telemetry: Telemetry
  clock: Clock
  random: () => number
  log: Log
  settings: DataPathSettings
}

export interface DataPath {
  /** Binds the ports. Rejects with the system's error, e.g. EADDRINUSE; then nothing is bound. */
  listen(): Promise<{
    outbound: number
    inbound: number | null
    public: number | null
    /** In the order of the settings. */
    upstreams: readonly number[]
  }>
  /**
   * Takes no further connection from callers and resolves when what they have in flight is over, at the latest after
   * `deadlineMs`. A request that comes even later is refused so that its caller can send it elsewhere: the application
   * is about to end. Our own application can still call out.
   */
  drain(deadlineMs: number): Promise<void>
  close(): Promise<void>
  readonly inFlight: number
  /** Instances that are left alone now; until when, in epoch milliseconds. */
  ejections(): { instance: string; untilMs: number }[]
}

export function createDataPath(parts: DataPathParts): DataPath {
  const { view, identity, telemetry, clock, random, log, settings } = parts
  const { service, version, share = 1 } = settings
  const admission = new Admission({ telemetry, clock, ...settings.limits })
  const budget = new BufferBudget(BUFFERED_BYTES)
  const upstreams = new MeshUpstreams(identity, clock, budget)
  const destinations = new Destinations(view, clock, random, share)
  const policy = new InboundPolicy(view, share)
  const opaque = createOpaquePath({ view, policy, destinations, identity, telemetry, clock, random, log, settings })
  const listeners: Listener[] = []
  const egress = new Egress({
    clock,
    // Without the mesh's settings nobody knows what it lets out.
    policy: () => view.mesh?.egress ?? 'deny',
    ownPorts: () => listeners.map(({ port }) => port),
    meshPlaces: () => [...view.allEndpoints().flatMap(({ endpoints }) => endpoints), ...(settings.controls ?? [])],
  })
  const { appPort } = settings
  const app =
    appPort === null
      ? null
      : {
          port: appPort,
          place: `127.0.0.1:${appPort}`,
          http1: appPool(appPort, clock),
          http2: appHttp2Pool(appPort, clock, budget),
          webSockets: lateUpstream(async () => (await import('../forward/appUpgrade.ts')).appWebSockets(appPort)),
        }
  // Connections of their own, so that strangers cannot take all that the application is given.
  const appOfStrangers =
    app === null ? null : { ...app, http1: appPool(app.port, clock), http2: appHttp2Pool(app.port, clock, budget) }

  const appPools = [app, appOfStrangers].flatMap((each) => (each === null ? [] : [each.http1, each.http2]))

  const defect = (exchange: Exchange, error: unknown): void => {
    log.error('a request ended in an error of the proxy itself', { error: describe(error) })
    exchange.abort()
  }
  const guarded =
    (serve: (exchange: Exchange) => void | Promise<void>) =>
    (exchange: Exchange): void => {
      try {
        serve(exchange)?.catch((error: unknown) => defect(exchange, error))
      } catch (error) {
        defect(exchange, error)
      }
    }
  const outbound = { view, destinations, upstreams, egress, admission, telemetry, clock, random, log, defect, service }
  const handleOutbound = guarded((exchange) => serveOutbound(exchange, outbound))
  const refused = (origin: Origin, code: MeshErrorCode): void =>
    recordRefusal(origin, code, { service, version }, telemetry)
  const faulted: Http2Front['faulted'] = (origin, { code, detail }) => {
    const source = 'code' in origin || origin.kind !== 'peer' ? '-' : origin.peer.service
    telemetry.event('peer_refused', { reason: 'http2', detail, code, source })
  }
  const handleTunnel = (tunnel: Tunnel): void => {
    serveTunnel(tunnel, outbound).catch((error: unknown) => {
      log.error('a tunnel ended in an error of the proxy itself', { error: describe(error) })
      tunnel.exchange.abort()
    })
  }

  const changes = view.onChange((changed) => {
    for (const name of changed) {
      if (!name.startsWith('endpoints/')) continue
      const of = name.slice('endpoints/'.length)
      upstreams.keepOnly(
        of,
        (view.endpoints(of)?.endpoints ?? []).map((e) => ({ ...e, service: of })),
      )
    }
  })
  const renewals = identity.onChange(() => destinations.forgetTlsFailures())
  let callersOf: Listener[] = []
  const sweeper = setInterval(() => {
    for (const listener of listeners) listener.connections.sweep()
    upstreams.sweep()
    for (const pool of appPools) pool.sweep()
    egress.sweep()
    admission.sweep()
    opaque.sweep()
  }, SWEEP_MS)
  sweeper.unref()

  const close = async (): Promise<void> => {
    clearInterval(sweeper)
    changes[Symbol.dispose]()
    renewals[Symbol.dispose]()
    await Promise.all([opaque.close(), ...listeners.map((listener) => listener.close())])
    upstreams.destroy()
    egress.destroy()
    for (const pool of appPools) pool.destroy()
  }

  return {
    listen: async () => {
      try {
        const outboundListener = await startOutboundListener(
          {
            clock,
            handle: handleOutbound,
            refused,
            handleTunnel,
            http2: { limits: LIMITS, care: APP_CARE, budget, faulted },
          },
          settings.outboundPort,
        )
        listeners.push(outboundListener)
        const upstreams = await opaque.listen()
        const bound = { outbound: outboundListener.port, inbound: null, public: null, upstreams }
        if (app === null || appOfStrangers === null) return bound
        const inbound = {
          service,
          version,
          identity,
          telemetry,
          policy,
          admission,
          app,
          log,
          clock,
          defect,
        }
        const handle = guarded((exchange) => serveInbound(exchange, inbound))
        const ofStrangers = { ...inbound, app: appOfStrangers }
        const handleStranger = guarded((exchange) => serveInbound(exchange, ofStrangers))
        const meshListener = await startInboundListener(
          {
            service,
            identity,
            telemetry,
            clock,
            log,
            handle,
            refused,
            http2: { limits: MESH_LIMITS, care: MESH_CARE, budget, faulted },
            opaque: opaque.arrived,
          },
          settings.listenAddress,
          settings.inboundPort,
        )
        listeners.push(meshListener)
        callersOf = [meshListener]
        if (settings.publicPort === null) return { ...bound, inbound: meshListener.port }
        const publicListener = await startPublicListener(
          { clock, handle: handleStranger, refused, requestMs: settings.limits?.publicRequestMs },
          settings.listenAddress,
          settings.publicPort,
        )
        listeners.push(publicListener)
        callersOf = [meshListener, publicListener]
        return { ...bound, inbound: meshListener.port, public: publicListener.port }
      } catch (error) {
        await close()
        throw error
      }
    },
    drain: async (deadlineMs) => {
      for (const listener of callersOf) listener.stopAccepting()
      await Promise.all([
        opaque.drain(deadlineMs),
        ...callersOf.map(({ connections }) => connections.drain(deadlineMs, DRAIN_GRACE_MS)),
      ])
    },
    close,
    get inFlight() {
      return admission.inFlight
    },
    ejections: () => {
      const offset = clock.now() - clock.monotonic()
      return destinations
        .ejections()
        .map(({ instance, untilMs }) => ({ instance, untilMs: Math.round(untilMs + offset) }))
    },
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
