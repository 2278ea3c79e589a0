// How a proxy is, in a word, and what of it wants attention. Pure; "now" is an argument.
import type { ListedProxy } from '../server/schemas/proxies.ts'

/** Worst first. */
export const PROXY_WORDS = ['Refused', 'Not connected', 'Not ready', 'Behind', 'Not known', 'Current'] as const
export type ProxyWord = (typeof PROXY_WORDS)[number]

/** A refusal counts until a newer config came, as in the badge of the navigation. */
function isRefusing({ nack, wantedRevision }: ListedProxy): boolean {
  return nack !== null && (wantedRevision === null || nack.revision >= wantedRevision)
}

export function proxyWord(proxy: ListedProxy): ProxyWord {
  if (isRefusing(proxy)) return 'Refused'
  if (proxy.connected === false) return 'Not connected'
  if (!proxy.ready && proxy.inbound !== null) return 'Not ready'
  if (proxy.connected === null) return 'Not known'
  if (proxy.revision !== null && proxy.wantedRevision !== null && proxy.revision < proxy.wantedRevision) return 'Behind'
  return 'Current'
}

/** Renewal begins at half of a certificate's life, with jitter: with less than a third left it has not come about. */
const LATE_SHARE = 1 / 3

/** What is left of a certificate's life, 0–1; null: not known. */
export function certificateLeft(proxy: ListedProxy, now: number): number | null {
  const { certificateIssuedAt: from, certificateExpiresAt: until } = proxy
  if (from === null || until === null || until <= from) return null
  return Math.min(1, Math.max(0, (until - now) / (until - from)))
}

export function isCertificateLate(proxy: ListedProxy, now: number): boolean {
  const left = certificateLeft(proxy, now)
  return left !== null && left < LATE_SHARE
}

/** The build that most proxies have; null: none is known. */
export function commonBuild(proxies: readonly ListedProxy[]): string | null {
  const counts = new Map<string, number>()
  for (const { build } of proxies) if (build !== null) counts.set(build, (counts.get(build) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0].localeCompare(a[0]))[0]?.[0] ?? null
}

export const PROXY_FILTERS = ['all', 'refused', 'away', 'unready', 'behind', 'certificate', 'build'] as const
export type ProxyFilter = (typeof PROXY_FILTERS)[number]

const WORD_OF: Partial<Record<ProxyFilter, ProxyWord>> = {
  refused: 'Refused',
  away: 'Not connected',
  unready: 'Not ready',
  behind: 'Behind',
}

export function isKept(proxy: ListedProxy, filter: ProxyFilter, at: { now: number; build: string | null }): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'certificate':
      return isCertificateLate(proxy, at.now)
    case 'build':
      return proxy.build !== null && proxy.build !== at.build
    default:
      return proxyWord(proxy) === WORD_OF[filter]
  }
}
