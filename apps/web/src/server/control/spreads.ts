// What the control planes say of proxies and of how far changes have spread, merged over all of them. Pure.
import { pickEvenly } from '@heddle/shared/pickEvenly'
import { ACKS_TOLD, type ProxyState, type Spread } from '@heddle/shared/wire/console'

/** Revisions that are remembered: a strip after an apply looks five minutes back. */
const SPREADS_KEPT = 100

/** Adds up what each control plane says of the same revision; newest revisions first. */
export function mergeSpreads(byControl: Iterable<Iterable<Spread>>): Spread[] {
  const merged = new Map<number, Spread>()
  for (const spreads of byControl)
    for (const spread of spreads) {
      const known = merged.get(spread.revision)
      merged.set(spread.revision, known === undefined ? spread : addSpreads(known, spread))
    }
  return [...merged.values()].sort((a, b) => b.revision - a.revision).slice(0, SPREADS_KEPT)
}

function addSpreads(a: Spread, b: Spread): Spread {
  const ackMs = [...a.ackMs, ...b.ackMs].sort((one, other) => one - other)
  return {
    revision: a.revision,
    holders: a.holders + b.holders,
    acknowledged: a.acknowledged + b.acknowledged,
    lastAckMs: ackMs.at(-1) ?? null,
    ackMs: pickEvenly(ackMs, ACKS_TOLD),
  }
}

/** One state for each instance: a proxy that has moved is connected at one control plane and known to another. */
export function mergeProxies(byControl: Iterable<Iterable<ProxyState>>): Map<string, ProxyState> {
  const merged = new Map<string, ProxyState>()
  for (const proxies of byControl)
    for (const proxy of proxies) {
      const known = merged.get(proxy.instance)
      if (known === undefined || (proxy.connected && !known.connected)) merged.set(proxy.instance, proxy)
    }
  return merged
}

/** Whether an operator should look: away, not ready, or it refused a config. */
export function isWanting(proxy: ProxyState): boolean {
  return !proxy.connected || !proxy.ready || (proxy.nack !== null && proxy.nack.revision >= proxy.wantedRevision)
}
