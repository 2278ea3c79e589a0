// Whether a failed attempt is followed by another one, and if not, why: every retry that was not made is counted with its
// reason. The endpoint is the balancer's choice, the waiting the request path's.
import { isGrpcFailure } from '@heddle/shared/grpcStatus'
import type { WireRule } from '@heddle/shared/wire/config'
import type { RetrySkipped } from '@heddle/shared/wire/metrics'
import { retryBackoffMs } from './backoff.ts'
import type { RetryBudget } from './budget.ts'
import { isIdempotent } from './idempotent.ts'

/** Bodies up to this many bytes are kept for a repeat (Linkerd's limit). */
export const MAX_KEPT_BODY_BYTES = 64 * 1024

/**
 * How an attempt ended. not_sent: no byte of the request left, or it was refused before it was read (connect, TLS, a
 * certificate refused on a new connection); stale_connection: a reused connection died before any byte of the answer;
 * no_answer: another one did, or the answer's head was not HTTP; timed_out: `backendRequest` lapsed; answered: a whole
 * head came.
 */
export type AttemptEnd =
  | { readonly kind: 'not_sent' | 'stale_connection' | 'no_answer' | 'timed_out' }
  | {
      readonly kind: 'answered'
      readonly status: number
      /** Of a call of gRPC whose answer is a head only: nothing but this was said; null where it is not one. */
      readonly grpcStatus: number | null
    }

export interface RetryQuestion {
  readonly end: AttemptEnd
  readonly method: string
  /** none: the request has no body; kept: it can be sent again whole (or nothing of it was taken from the caller yet); lost: it was larger than MAX_KEPT_BODY_BYTES. */
  readonly body: 'none' | 'kept' | 'lost'
  readonly policy: WireRule['retry']
  /** Of either kind. */
  readonly retriesMade: number
  /** Whether one of them was for `because: 'safe'`. */
  readonly safeRetryMade: boolean
  /** Monotonic ms; null where the route sets no `request` timeout. */
  readonly deadlineMs: number | null
}

export type RetryDecision =
  | { readonly retry: true; readonly because: 'safe' | 'route'; readonly afterMs: number }
  /** `reason` null: no retry was called for, nothing is counted. */
  | { readonly retry: false; readonly reason: RetrySkipped | null }

const NOT_CALLED_FOR: RetryDecision = { retry: false, reason: null }

/** Takes from the budget only where the answer is yes. */
export function decideRetry(
  question: RetryQuestion,
  budget: RetryBudget,
  nowMs: number,
  random: () => number,
): RetryDecision {
  if (!isCalledFor(question.end, question.policy)) return NOT_CALLED_FOR
  const because = isSafe(question) ? 'safe' : 'route'
  const obstacle = because === 'safe' ? null : obstacleByRoute(question)
  if (obstacle !== null) return skipped(obstacle)
  if (question.body === 'lost') return skipped('body_too_large')
  const afterMs =
    because === 'safe' ? 0 : retryBackoffMs(question.policy?.backoffMs ?? 0, question.retriesMade + 1, random)
  if (question.deadlineMs !== null && nowMs + afterMs >= question.deadlineMs) return skipped('deadline')
  if (!budget.takeRetry(nowMs)) return skipped('budget_exhausted')
  return { retry: true, because, afterMs }
}

/** Something failed: no answer, a server error, or a status that the route lists. Where not, nothing is to be decided. */
export function isCalledFor(end: AttemptEnd, policy: WireRule['retry']): boolean {
  if (end.kind !== 'answered') return true
  return hasFailed(end) || isListed(end, policy)
}

/** Once for each request, without being asked: where the request cannot have been processed, or may be twice. */
function isSafe({ end, method, body, safeRetryMade }: RetryQuestion): boolean {
  if (safeRetryMade) return false
  if (end.kind === 'not_sent') return true
  return end.kind === 'stale_connection' && body === 'none' && isIdempotent(method)
}

/** What the route's `retry` does not cover. An attempt without an answer is covered by any (GEP-1731), a status where it is listed. */
function obstacleByRoute({ end, method, policy, retriesMade, safeRetryMade }: RetryQuestion): RetrySkipped | null {
  const wasNotSent = end.kind === 'not_sent'
  if (policy === null) return wasNotSent && safeRetryMade ? 'attempts_exhausted' : 'not_retryable'
  if (end.kind === 'answered' && !isListed(end, policy)) return 'not_retryable'
  // All of gRPC is POST: a route that lists its statuses means just that.
  const isListedGrpc = end.kind === 'answered' && end.grpcStatus !== null
  if (!wasNotSent && !isListedGrpc && !isIdempotent(method) && !policy.nonIdempotent) return 'not_retryable'
  return retriesMade >= policy.attempts ? 'attempts_exhausted' : null
}

type Answered = Extract<AttemptEnd, { kind: 'answered' }>

function hasFailed({ status, grpcStatus }: Answered): boolean {
  return grpcStatus === null ? status >= 500 : isGrpcFailure(grpcStatus)
}

function isListed({ status, grpcStatus }: Answered, policy: WireRule['retry']): boolean {
  const listed = grpcStatus === null ? policy?.codes : policy?.grpcCodes
  return listed?.includes(grpcStatus ?? status) ?? false
}

function skipped(reason: RetrySkipped): RetryDecision {
  return { retry: false, reason }
}
