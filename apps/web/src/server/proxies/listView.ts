// Of the list of proxies what one page shows: how many are how, the pictures above them, and the rows in sight of those
// that are kept. Pure; "now" is an argument.
import { rowsIn } from '../../data/listWindow.ts'
import { certificatesLeft, lastDelays } from '../../data/proxyPanels.ts'
import { commonBuild, isKept, PROXY_FILTERS, PROXY_WORDS, type ProxyFilter, proxyWord } from '../../data/proxyState.ts'
import type { ListedProxy, ProxiesListInput, ProxiesListOutput } from '../schemas/proxies.ts'

/** Every proxy, and the page's head. */
export interface ProxyList extends Omit<ProxiesListOutput, 'kept' | 'from'> {
  /** When it was told, milliseconds since the epoch: a certificate is late as of then. */
  now: number
}

/** What follows from the proxies alone. `proxies`: by name; they come out worst first. */
export function listOf(
  proxies: readonly ListedProxy[],
  now: number,
): Omit<ProxyList, 'live' | 'reason' | 'configVersion'> {
  const build = commonBuild(proxies)
  const of = (filter: ProxyFilter) => proxies.filter((proxy) => isKept(proxy, filter, { now, build })).length
  const counts = Object.fromEntries(PROXY_FILTERS.map((filter) => [filter, of(filter)])) as Record<ProxyFilter, number>
  const rank = (proxy: ListedProxy) => PROXY_WORDS.indexOf(proxyWord(proxy))
  return {
    now,
    build,
    counts: { ...counts, current: proxies.filter((proxy) => proxyWord(proxy) === 'Current').length },
    delays: lastDelays(proxies),
    certificates: certificatesLeft(proxies, now),
    // Sorting is stable.
    proxies: proxies.toSorted((a, b) => rank(a) - rank(b)),
  }
}

export function viewOf(
  { now, proxies, ...head }: ProxyList,
  { filter, show, from, count }: ProxiesListInput,
): ProxiesListOutput {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const kept = proxies
    .filter((proxy) => words.every((word) => `${proxy.instance} ${proxy.service} ${proxy.version}`.includes(word)))
    .filter((proxy) => isKept(proxy, show, { now, build: head.build }))
  const { rows, ...place } = rowsIn(kept, { from, count })
  return { ...head, kept: kept.length, ...place, proxies: rows }
}
