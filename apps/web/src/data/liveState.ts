// What "live" means: how old the newest numbers are and whether anything is in the way. Pure; "now" is an argument.
import type { Tick } from '../server/schemas/session.ts'
import { clockSeconds, lengthText } from './timeRange.ts'

/** Three missed reports: numbers come every 10 s, and one is always being gathered. */
export const STALE_AFTER_MS = 45_000

export interface StreamState {
  /** This browser's stream to the console. */
  status: 'connecting' | 'open' | 'reconnecting'
  tick: Tick | null
  /** When the last tick came, milliseconds since the epoch; null: none yet. */
  tickAt: number | null
}

export interface LiveState {
  kind: 'connecting' | 'live' | 'stale' | 'partial' | 'reconnecting' | 'no_control'
  word: string
  detail: string
  /** A sentence across the page, where there is something to say. */
  banner: { strong: string; rest: string } | null
}

export function liveState({ status, tick, tickAt }: StreamState, now: number): LiveState {
  if (status === 'reconnecting')
    return {
      kind: 'reconnecting',
      word: 'reconnecting',
      detail: tickAt === null ? '' : `for ${lengthText(now - tickAt)}`,
      banner: {
        strong: 'This page lost its connection to the console.',
        rest: tickAt === null ? 'It tries again by itself.' : `What you see is from ${clockSeconds(tickAt)} UTC.`,
      },
    }
  if (tick === null) return { kind: 'connecting', word: 'connecting', detail: '', banner: null }
  if (tick.control === 'away')
    return {
      kind: 'no_control',
      word: 'no control plane',
      detail: '',
      banner: {
        strong: 'No control plane is reachable. Traffic is not affected:',
        rest: `proxies go on with the configuration they hold. ${tick.reason ?? ''}`.trim(),
      },
    }
  if (tick.control === 'reconnecting' && !tick.partial)
    return { kind: 'reconnecting', word: 'reconnecting', detail: 'to the control plane', banner: null }
  if (tick.partial)
    return {
      kind: 'partial',
      word: 'partial',
      detail: '',
      banner: { strong: 'Some numbers are missing:', rest: tick.reason ?? 'a control plane does not answer.' },
    }
  if (tick.dataAt === null) return { kind: 'live', word: 'live', detail: 'no traffic yet', banner: null }
  const age = Math.max(0, now - tick.dataAt)
  if (age > STALE_AFTER_MS)
    return {
      kind: 'stale',
      word: 'stale',
      detail: `newest data ${lengthText(age)} old`,
      banner: {
        strong: `Numbers stop at ${clockSeconds(tick.dataAt)} UTC.`,
        rest: 'The control plane answers, but no proxy has reported since.',
      },
    }
  return { kind: 'live', word: 'live', detail: lengthText(age), banner: null }
}
