// proxies.list and status.get: the registry, what the control planes know of each proxy, and its certificate.
import { type Instance, type IssuedCertificate, listIssued } from '@heddle/db'
import type { StatusOutput } from '@heddle/shared/api/index'
import type { ProxyState } from '@heddle/shared/wire/console'
import type { Console } from '../console.ts'
import { health } from '../health.ts'
import type { Mesh } from '../meshCache.ts'
import type { ProxiesListOutput } from '../schemas/session.ts'
import { isLongGone, isReady, presentInstances } from '../services/facts.ts'
import { hostAndPort } from '../services/instances.ts'

type ProxyRow = ProxiesListOutput['proxies'][number]

export async function listProxies(console: Console): Promise<ProxiesListOutput> {
  return describeProxies(console, await console.mesh.current())
}

async function describeProxies(console: Console, mesh: Mesh): Promise<ProxiesListOutput> {
  const issued = await console.pulse.readOr(() => listIssued(console.db), [])
  const certificates = new Map(issued.map((leaf) => [leaf.instance, leaf]))
  const states = console.control.proxies()
  const { reason } = console.control.state()
  const isComplete = console.control.isComplete()
  return {
    live: states !== null,
    reason,
    configVersion: mesh.revision,
    proxies: presentInstances(mesh.instances, console.control.now())
      .map((instance) =>
        rowOf(instance, states?.get(instance.instance), isComplete, certificates.get(instance.instance)),
      )
      .sort((a, b) => a.instance.localeCompare(b.instance, 'en', { numeric: true })),
  }
}

/** A proxy that no stream mentions is not connected, if every control plane streams; else nobody can tell. */
function rowOf(
  instance: Instance,
  state: ProxyState | undefined,
  isComplete: boolean,
  certificate: IssuedCertificate | undefined,
): ProxyRow {
  const { inbound } = instance
  return {
    instance: instance.instance,
    service: instance.service,
    version: instance.version,
    connected: state?.connected ?? (isComplete ? false : null),
    connectedSince: state?.connectedSince ?? null,
    ready: isReady(instance),
    readyReason: instance.readyReason,
    revision: state?.revision ?? null,
    wantedRevision: state?.wantedRevision ?? null,
    ackDelayMs: state?.ackDelayMs ?? null,
    nack: state?.nack ?? null,
    certificateIssuedAt: certificate?.notBefore ?? null,
    certificateExpiresAt: certificate?.notAfter ?? null,
    address: inbound === null ? null : hostAndPort(inbound.address, inbound.port),
    outbound: instance.outbound,
    inbound: inbound?.port ?? null,
    admin: instance.admin,
    build: instance.build,
  }
}

/**
 * For `heddle status`: a proxy of which nobody can tell counts as not connected. It answers whatever is away: who asks
 * wants to know that. Without the database the proxies are those of the last reading, as the control planes see them.
 */
export async function status(console: Console): Promise<StatusOutput> {
  const { ok } = await health(console)
  const now = console.control.now()
  const mesh = ok ? await console.mesh.current() : console.mesh.lastKnown()
  const { configVersion, proxies } =
    mesh === null
      ? { configVersion: console.revisions.revision ?? 0, proxies: [] }
      : await describeProxies(console, mesh)
  const longGone = new Set(
    (mesh?.instances ?? []).filter((instance) => isLongGone(instance, now)).map(({ instance }) => instance),
  )
  return {
    configVersion,
    control: { ready: console.control.isComplete() },
    database: { ready: ok },
    proxies: proxies.map((proxy) => ({
      instance: proxy.instance,
      service: proxy.service,
      version: proxy.version,
      connected: proxy.connected ?? false,
      ready: proxy.ready,
      state: stateOf(proxy, longGone.has(proxy.instance)),
      configVersion: proxy.revision,
      outbound: proxy.outbound,
      inbound: proxy.inbound,
      admin: proxy.admin,
      certificateExpiresAt:
        proxy.certificateExpiresAt === null ? null : new Date(proxy.certificateExpiresAt).toISOString(),
    })),
  }
}

/** A lapsed lease counts only where a control plane that could have heard of it says that it is not connected. */
function stateOf(proxy: ProxyRow, isLongGone: boolean): 'ready' | 'not ready' | 'away' | 'lapsed' {
  if (proxy.connected === true) return proxy.ready ? 'ready' : 'not ready'
  return proxy.connected === false && isLongGone ? 'lapsed' : 'away'
}
