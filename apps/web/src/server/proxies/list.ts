// proxies.list and status.get: the registry, what the control planes know of each proxy, and its certificate.
import { type Instance, listIssued } from '@heddle/db'
import type { StatusOutput } from '@heddle/shared/api/index'
import type { ProxyState } from '@heddle/shared/wire/console'
import type { Console } from '../console.ts'
import type { ProxiesListOutput } from '../schemas/session.ts'
import { isReady, presentInstances } from '../services/facts.ts'
import { hostAndPort } from '../services/instances.ts'

type ProxyRow = ProxiesListOutput['proxies'][number]

export async function listProxies(console: Console): Promise<ProxiesListOutput> {
  const [mesh, issued] = await Promise.all([console.mesh.current(), listIssued(console.db)])
  const expiry = new Map(issued.map(({ instance, notAfter }) => [instance, notAfter]))
  const states = console.control.proxies()
  const { reason } = console.control.state()
  const isComplete = console.control.isComplete()
  return {
    live: states !== null,
    reason,
    configVersion: mesh.revision,
    proxies: presentInstances(mesh.instances, console.control.now())
      .map((instance) =>
        rowOf(instance, states?.get(instance.instance), isComplete, expiry.get(instance.instance) ?? null),
      )
      .sort((a, b) => a.instance.localeCompare(b.instance, 'en', { numeric: true })),
  }
}

/** A proxy that no stream mentions is not connected, if every control plane streams; else nobody can tell. */
function rowOf(
  instance: Instance,
  state: ProxyState | undefined,
  isComplete: boolean,
  certificateExpiresAt: number | null,
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
    certificateExpiresAt,
    address: inbound === null ? null : hostAndPort(inbound.address, inbound.port),
    outbound: instance.outbound,
    inbound: inbound?.port ?? null,
    admin: instance.admin,
    build: instance.build,
  }
}

/** For `heddle status`: a proxy of which nobody can tell counts as not connected. */
export async function status(console: Console): Promise<StatusOutput> {
  const { configVersion, proxies } = await listProxies(console)
  return {
    configVersion,
    control: { ready: console.control.isComplete() },
    // Its rows were read just now.
    database: { ready: true },
    proxies: proxies.map((proxy) => ({
      instance: proxy.instance,
      service: proxy.service,
      version: proxy.version,
      connected: proxy.connected ?? false,
      ready: proxy.ready,
      configVersion: proxy.revision,
      outbound: proxy.outbound,
      inbound: proxy.inbound,
      admin: proxy.admin,
      certificateExpiresAt:
        proxy.certificateExpiresAt === null ? null : new Date(proxy.certificateExpiresAt).toISOString(),
    })),
  }
}
