import type { WireRule } from '@heddle/shared/wire/config'
import type { RetrySkipped } from '@heddle/shared/wire/metrics'
import type { RetryBudget } from './budget.ts'

/** Bodies up to this many bytes are kept for a repeat. */
export const MAX_KEPT_BODY_BYTES = 64 * 1024

/**
 * How an attempt ended. not_sent: no byte of the request left (connect, TLS, a refused certificate on a new connection);
 * stale_connection: a reused connection died before any byte of the answer; no_answer: a new one did, or the answer's
 * head was not HTTP; timed_out: `backendRequest` lapsed; answered: a whole head came.
 */
export type AttemptEnd =
  | { readonly kind: 'not_sent' | 'stale_connection' | 'no_answer' | 'timed_out' }
  | { readonly kind: 'answered'; readonly status: number }

export interface RetryQuestion {
  readonly end: AttemptEnd
  readonly method: string
  /** none: the request has no body; kept: it can be sent again whole (or nothing of it was taken from the caller yet); lost: it was larger than MAX_KEPT_BODY_BYTES. */
  readonly body: 'none' | 'kept' | 'lost'
  readonly policy: WireRule['retry']
  readonly retriesMade: number
  /** Whether one of them was for `because: 'safe'`. */
  readonly safeRetryMade: boolean
  /** Monotonic ms; null where the route sets no `request` timeout. */
  readonly deadlineMs: number | null
}
export type RetryDecision =
  | { readonly retry: true; readonly because: 'safe' | 'route'; readonly afterMs: number }
  | { readonly retry: false; readonly reason: RetrySkipped | null }

/** Takes from the budget only where the answer is yes. */
export function decideRetry(
  question: RetryQuestion,
  budget: RetryBudget,
  nowMs: number,
  random: () => number,
): RetryDecision {
  throw new Error(`pending ${question.method} ${nowMs} ${random()} ${typeof budget}`)
}
