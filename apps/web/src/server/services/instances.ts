// The instances of a service: registry and streams put side by side. Pure.
import type { Instance } from '@heddle/db'
import type { ProxyState } from '@heddle/shared/wire/console'
import type { ServicesGetOutput } from '../schemas/services.ts'
import { isReady } from './facts.ts'

/** `proxies` null: nobody can tell whether it is connected. `everyProxy`: for who has ejected whom. */
export function instanceRows(
  instances: readonly Instance[],
  proxies: ReadonlyMap<string, ProxyState> | null,
  everyProxy: ReadonlyMap<string, ProxyState> | null,
): ServicesGetOutput['instances'] {
  const ejections = new Map<string, { instance: string; untilMs: number }[]>()
  for (const proxy of everyProxy?.values() ?? [])
    for (const { instance, untilMs } of proxy.ejections) {
      const by = ejections.get(instance) ?? []
      by.push({ instance: proxy.instance, untilMs })
      ejections.set(instance, by)
    }
  return instances
    .map((instance) => {
      const proxy = proxies?.get(instance.instance)
      const inbound = instance.inbound
      return {
        instance: instance.instance,
        version: instance.version,
        firstSeenAt: instance.firstSeenAt,
        ready: isReady(instance),
        readyReason: instance.readyReason,
        connected: proxies === null ? null : (proxy?.connected ?? false),
        address: inbound === null ? null : hostAndPort(inbound.address, inbound.port),
        ejectedBy: ejections.get(instance.instance) ?? [],
        revision: proxy?.revision ?? null,
        wantedRevision: proxy?.wantedRevision ?? null,
      }
    })
    .sort((a, b) => a.instance.localeCompare(b.instance, 'en', { numeric: true }))
}

export function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
