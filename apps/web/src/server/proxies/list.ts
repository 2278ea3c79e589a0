// proxies.list and status.get: the registry, what the control planes know of each proxy, and its certificate.
import { type Instance, type IssuedCertificate, listIssued } from '@heddle/db'
import type { StatusOutput } from '@heddle/shared/api/index'
import type { ProxyState } from '@heddle/shared/wire/console'
import type { Console } from '../console.ts'
import { health } from '../health.ts'
import type { Mesh } from '../meshCache.ts'
import type { ListedProxy, ProxiesListInput, ProxiesListOutput } from '../schemas/proxies.ts'
import { isLongGone, isReady, presentInstances } from '../services/facts.ts'
import { hostAndPort } from '../services/instances.ts'
import { shareUntilTick } from '../sharedAnswers.ts'
import { listOf, type ProxyList, viewOf } from './listView.ts'

/** All are told apart and counted, once between two ticks; sent are those in sight. */
export async function listProxies(console: Console, input: ProxiesListInput): Promise<ProxiesListOutput> {
  const mesh = await console.mesh.current()
  const list = await shareUntilTick(console, mesh, ['proxies.list'], () => readList(console, mesh))
  return viewOf(list, input)
}

async function readList(console: Console, mesh: Mesh): Promise<ProxyList> {
  const states = console.control.proxies()
  const { reason } = console.control.state()
  const proxies = await describeProxies(console, mesh)
  return { live: states !== null, reason, configVersion: mesh.revision, ...listOf(proxies, console.control.now()) }
}

const byName = new Intl.Collator('en', { numeric: true })

/** By name. */
async function describeProxies(console: Console, mesh: Mesh): Promise<ListedProxy[]> {
  const issued = await console.pulse.readOr(() => listIssued(console.db), [])
  const certificates = new Map(issued.map((leaf) => [leaf.instance, leaf]))
  const states = console.control.proxies()
  const isComplete = console.control.isComplete()
  return presentInstances(mesh.instances, console.control.now())
    .map((instance) => rowOf(instance, states?.get(instance.instance), isComplete, certificates.get(instance.instance)))
    .sort((a, b) => byName.compare(a.instance, b.instance))
}

/** A proxy that no stream mentions is not connected, if every control plane streams; else nobody can tell. */
function rowOf(
  instance: Instance,
  state: ProxyState | undefined,
  isComplete: boolean,
  certificate: IssuedCertificate | undefined,
): ListedProxy {
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
  const proxies = mesh === null ? [] : await describeProxies(console, mesh)
  const longGone = new Set(
    (mesh?.instances ?? []).filter((instance) => isLongGone(instance, now)).map(({ instance }) => instance),
  )
  return {
    configVersion: mesh?.revision ?? console.revisions.revision ?? 0,
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
function stateOf(proxy: ListedProxy, isLongGone: boolean): 'ready' | 'not ready' | 'away' | 'lapsed' {
  if (proxy.connected === true) return proxy.ready ? 'ready' : 'not ready'
  return proxy.connected === false && isLongGone ? 'lapsed' : 'away'
}
