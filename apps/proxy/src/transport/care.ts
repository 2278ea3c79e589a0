// What to do about a connection of HTTP/2 as time goes by: decided from what is known of it, about once a second.
import { ERROR, type Fault } from '../http2/fault.ts'

/** Milliseconds everywhere. */
export interface Care {
  /** How long it may carry no stream before it is ended gracefully; 0: for ever, so that the other side ends it first. */
  readonly idleMs: number
  /** A peer that is not heard for `afterMs` is asked for a sign, and given up when there is none `withinMs` later. */
  readonly ping: { readonly afterMs: number; readonly withinMs: number } | null
}

/** Times on one monotonic clock. */
export interface Condition {
  readonly beganAtMs: number
  /** The peer has answered our SETTINGS. */
  readonly isSettled: boolean
  /** When anything came last. */
  readonly heardAtMs: number
  /** Since when a PING has had no answer, nor anything else come. */
  readonly pingedAtMs: number | null
  /** Since when the socket takes nothing. */
  readonly blockedAtMs: number | null
  /** When a stream was there last. */
  readonly busyAtMs: number
  readonly openStreams: number
  /** Since when it is going away. */
  readonly leavingAtMs: number | null
}

/** `leave`: by GOAWAY, again where that was said before. A Fault: break it off. */
export type Measure = 'none' | 'ping' | 'leave' | Fault

/** Between two proxies: a peer whose host is gone is found before its callers' own timeouts, and one that is busy is not. */
export const MESH_CARE: Care = { idleMs: 0, ping: { afterMs: 20_000, withinMs: 10_000 } }

/** From the beginning to the answer to our SETTINGS. */
const SETTLE_MS = 10_000
/** As for HTTP/1.1: Envoy's time for a stream in which nothing moves. */
const BLOCKED_MS = 300_000
/** A peer that does not answer the PING behind our GOAWAY gets the last GOAWAY all the same. */
const LEAVE_MS = 2_000

export function measureFor(condition: Condition, { idleMs, ping }: Care, nowMs: number): Measure {
  const { beganAtMs, isSettled, heardAtMs, pingedAtMs, blockedAtMs, busyAtMs, openStreams, leavingAtMs } = condition
  if (!isSettled && nowMs - beganAtMs > SETTLE_MS)
    return { code: ERROR.SETTINGS_TIMEOUT, detail: 'the peer has not answered our SETTINGS' }
  if (blockedAtMs !== null && nowMs - blockedAtMs > BLOCKED_MS) return gone('the peer reads nothing')
  if (leavingAtMs !== null && openStreams === 0 && nowMs - leavingAtMs > LEAVE_MS) return 'leave'
  if (leavingAtMs === null && openStreams === 0 && idleMs > 0 && nowMs - busyAtMs > idleMs) return 'leave'
  // Whoever ends an idle connection needs no sign on it.
  if (ping === null || (openStreams === 0 && idleMs > 0)) return 'none'
  if (pingedAtMs !== null) return nowMs - pingedAtMs > ping.withinMs ? gone('the peer gives no sign') : 'none'
  return nowMs - heardAtMs > ping.afterMs ? 'ping' : 'none'
}

function gone(detail: string): Fault {
  return { code: ERROR.NO_ERROR, detail }
}
