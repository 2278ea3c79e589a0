// What "live" means: how old the newest numbers are and whether anything is in the way. Pure; "now" is an argument.
import type { Tick } from '../server/schemas/session.ts'
import { clockSeconds, lengthText } from './timeRange.ts'

/** Three missed reports: numbers come every 10 s, and one is always being gathered. */
export const STALE_AFTER_MS = 45_000

export interface StreamState {
  /** This browser's stream to the console; `no_database`: the console answers, but cannot look up who asks for one. */
  status: 'connecting' | 'open' | 'reconnecting' | 'signed_out' | 'no_database'
  tick: Tick | null
  /** When the last tick came, milliseconds since the epoch by the mesh's clock; null: none yet. */
  tickAt: number | null
}

/** An offset that shrinks by more than this is no late tick: this browser's clock was set. */
const CLOCK_SET_MS = 5_000

/**
 * How far the mesh's clock is ahead of this browser's, in milliseconds, after a tick said `serverNow` and came at
 * `receivedAt` of the browser's. The tick that was under way for the shortest time tells it best: that is the largest.
 */
export function clockOffset(known: number | null, serverNow: number | undefined, receivedAt: number): number | null {
  if (serverNow === undefined) return known
  const told = serverNow - receivedAt
  return known === null || told > known || known - told > CLOCK_SET_MS ? told : known
}

export interface LiveState {
  kind: 'connecting' | 'live' | 'stale' | 'partial' | 'reconnecting' | 'no_control' | 'no_database' | 'signed_out'
  word: string
  detail: string
  /** A sentence across the page, where there is something to say. */
  banner: { strong: string; rest: string } | null
}

/** `now` by the mesh's clock: an age is not this browser's clock minus somebody else's. */
export function liveState({ status, tick, tickAt }: StreamState, now: number): LiveState {
  if (status === 'signed_out')
    return {
      kind: 'signed_out',
      word: 'signed out',
      detail: '',
      banner: {
        strong: 'Your session has ended: sign in again.',
        rest: tickAt === null ? '' : `What you see is from ${clockSeconds(tickAt)} UTC.`,
      },
    }
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
  if (status === 'no_database')
    return databaseAway(
      tickAt === null
        ? 'nothing can be shown or changed until it is back.'
        : `what you see is from ${clockSeconds(tickAt)} UTC, and nothing can be changed until it is back.`,
    )
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
  if (!tick.databaseAnswers)
    return databaseAway('you see what was told in the last minutes, and nothing can be changed until it is back.')
  if (tick.control === 'reconnecting' && !tick.partial)
    return { kind: 'reconnecting', word: 'reconnecting', detail: 'to the control plane', banner: null }
  if (tick.partial)
    return {
      kind: 'partial',
      word: 'partial',
      detail: '',
      banner: {
        strong: 'Traffic is not affected, but some numbers are missing:',
        rest: tick.reason ?? 'a control plane does not answer.',
      },
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
        rest: 'The console has heard nothing newer from the control plane.',
      },
    }
  return { kind: 'live', word: 'live', detail: lengthText(age), banner: null }
}

function databaseAway(rest: string): LiveState {
  return {
    kind: 'no_database',
    word: 'no database',
    detail: '',
    banner: { strong: 'The database does not answer. Traffic is not affected:', rest },
  }
}
