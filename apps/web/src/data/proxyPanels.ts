// The three pictures above the proxies: how the last changes spread, how late each proxy acknowledged, and when
// certificates end. Pure; "now" is an argument.
import type { ListedProxy, ProxiesListOutput } from '../server/schemas/proxies.ts'

/** Where a delay stands on an axis of powers of ten from 1 ms to 10 s, as a share of its length (0–1). */
export function delayPlace(ms: number): number {
  return Math.min(1, Math.max(0, Math.log10(Math.max(1, ms)) / 4))
}
export const DELAY_TICKS = [1, 10, 100, 1_000, 10_000] as const

/** As fine as the picture is drawn: proxies that are closer than this share of the axis have one tick. */
const PLACES = 1_000

/** Of each connected proxy that has acknowledged something. */
export function lastDelays(proxies: readonly ListedProxy[]): ProxiesListOutput['delays'] {
  let slowest: ProxiesListOutput['delays']['slowest'] = null
  const places = new Set<number>()
  for (const { instance, ackDelayMs: ms, connected } of proxies) {
    if (ms === null || connected !== true) continue
    places.add(Math.round(delayPlace(ms) * PLACES) / PLACES)
    if (slowest === null || ms > slowest.ms) slowest = { instance, ms }
  }
  return { places: [...places].sort((a, b) => a - b), slowest }
}

/** A bar for each twenty-fourth of a certificate's life: hours, where it lives a day. */
export const LIFE_BARS = 24

export type Certificates = NonNullable<ProxiesListOutput['certificates']>

/** With less than a third left, renewal, which begins at half, has not come about (proxyState.ts). */
const LATE_BARS = LIFE_BARS / 3

/** null: no certificate is known. */
export function certificatesLeft(proxies: readonly ListedProxy[], now: number): Certificates | null {
  const bars = Array.from({ length: LIFE_BARS }, () => 0)
  const lives = new Map<number, number>()
  let first: Certificates['first'] | null = null
  for (const { instance, certificateIssuedAt: from, certificateExpiresAt: until } of proxies) {
    if (from === null || until === null || until <= from) continue
    const leftMs = Math.max(0, until - now)
    const bar = Math.min(LIFE_BARS - 1, Math.floor((leftMs / (until - from)) * LIFE_BARS))
    bars[bar] = (bars[bar] ?? 0) + 1
    lives.set(until - from, (lives.get(until - from) ?? 0) + 1)
    if (first === null || until < first.expiresAt) first = { instance, expiresAt: until }
  }
  if (first === null) return null
  const [lifeMs = 0] = [...lives].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? []
  return { bars, lateBars: LATE_BARS, lifeMs, first }
}
