// What an HTTPRoute says of a rule in its own way: defaults of the Gateway API filled in, durations in milliseconds.
import { durationMs } from '@heddle/shared/duration'
import {
  type HttpRoute,
  RETRY_NON_IDEMPOTENT_ANNOTATION,
  type RouteMatch,
  type RouteRule,
} from '@heddle/shared/resources/httpRoute'
import type { WireMatch } from '@heddle/shared/wire/config'
import { grpcCodesOf } from './grpcRule.ts'
import { renderHeaders } from './headerMatch.ts'
import type { OwnOfRule } from './route.ts'

/** GEP-1731 names no default; one repeat is Linkerd's default limit. */
const DEFAULT_RETRY_ATTEMPTS = 1
/** Which statuses a retry stanza without `codes` repeats: those that say "not now" (RFC 9110, 15.6.3 to 15.6.5). */
const DEFAULT_RETRY_CODES = [502, 503, 504]

/** The Gateway API's default of HTTPRouteRule.matches. */
const EVERYTHING: WireMatch = {
  path: { type: 'PathPrefix', value: '/' },
  method: null,
  headers: [],
  queryParams: [],
}

export function renderHttpRule(route: HttpRoute, rule: RouteRule): OwnOfRule {
  const { retry } = rule
  const grpcCodes = grpcCodesOf(route.metadata)
  return {
    matches: rule.matches === undefined || rule.matches.length === 0 ? [EVERYTHING] : rule.matches.map(renderMatch),
    timeouts: {
      requestMs: timeoutMs(rule.timeouts?.request),
      backendRequestMs: timeoutMs(rule.timeouts?.backendRequest),
    },
    retry:
      retry === undefined
        ? null
        : {
            codes: retry.codes ?? DEFAULT_RETRY_CODES,
            attempts: retry.attempts ?? DEFAULT_RETRY_ATTEMPTS,
            backoffMs: durationMs(retry.backoff ?? '0s'),
            nonIdempotent: route.metadata.annotations?.[RETRY_NON_IDEMPOTENT_ANNOTATION] === 'true',
            ...(grpcCodes !== undefined && { grpcCodes }),
          },
  }
}

function renderMatch(match: RouteMatch): WireMatch {
  return {
    path: match.path ?? { type: 'PathPrefix', value: '/' },
    method: match.method ?? null,
    headers: renderHeaders(match.headers),
    queryParams: match.queryParams ?? [],
  }
}

/** GEP-1742: a zero duration disables the timeout. */
function timeoutMs(text: string | undefined): number | null {
  const ms = text === undefined ? 0 : durationMs(text)
  return ms === 0 ? null : ms
}
