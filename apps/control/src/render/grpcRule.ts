// What a GRPCRoute says of a rule in its own way, in the terms of HTTP, so that proxies have one matcher: a call is a POST to
// `/<service>/<method>` (gRPC over HTTP2: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
import { parseGrpcStatuses } from '@heddle/shared/grpcStatus'
import {
  type GrpcMatch,
  type GrpcMethodMatch,
  type GrpcRoute,
  type GrpcRule,
  RETRY_ATTEMPTS_ANNOTATION,
} from '@heddle/shared/resources/grpcRoute'
import type { PathMatch } from '@heddle/shared/resources/httpRoute'
import { RETRY_GRPC_ANNOTATION, RETRY_NON_IDEMPOTENT_ANNOTATION } from '@heddle/shared/resources/httpRouteTerms'
import type { Metadata } from '@heddle/shared/resources/metadata'
import type { WireMatch, WireRpc } from '@heddle/shared/wire/config'
import { renderHeaders } from './headerMatch.ts'
import type { OwnOfRule } from './route.ts'

/** Linkerd's default limit, as for an HTTPRoute. */
const DEFAULT_RETRY_ATTEMPTS = '1'

export function renderGrpcRule({ metadata }: GrpcRoute, rule: GrpcRule): OwnOfRule {
  const grpcCodes = grpcCodesOf(metadata)
  return {
    // The Gateway API's default of GRPCRouteRule.matches: every call.
    matches: (rule.matches === undefined || rule.matches.length === 0 ? [{}] : rule.matches).map(renderMatch),
    timeouts: { requestMs: null, backendRequestMs: null },
    retry:
      grpcCodes === undefined
        ? null
        : {
            codes: [],
            grpcCodes,
            attempts: Number(metadata.annotations?.[RETRY_ATTEMPTS_ANNOTATION] ?? DEFAULT_RETRY_ATTEMPTS),
            backoffMs: 0,
            // What ended without any answer is repeated only where a second call is said to change nothing.
            nonIdempotent: metadata.annotations?.[RETRY_NON_IDEMPOTENT_ANNOTATION] === 'true',
          },
  }
}

/** undefined: the route names none. */
export function grpcCodesOf({ annotations }: Metadata): number[] | undefined {
  return parseGrpcStatuses(annotations?.[RETRY_GRPC_ANNOTATION] ?? '')
}

function renderMatch({ method, headers }: GrpcMatch): WireMatch {
  const rpc = rpcOf(method)
  return { path: pathOf(rpc), method: 'POST', headers: renderHeaders(headers), queryParams: [], rpc }
}

/** Empty is left out (GRPCMethodMatch). */
function rpcOf(match: GrpcMethodMatch | undefined): WireRpc {
  const { type = 'Exact', service = '', method = '' } = match ?? {}
  return { type, service: service === '' ? null : service, method: method === '' ? null : method }
}

/** The weakest kind of path match that says it: an exact path is found by a look-up, a prefix costs no expression. */
function pathOf({ type, service, method }: WireRpc): PathMatch {
  if (service === null && method === null) return { type: 'PathPrefix', value: '/' }
  if (type === 'Exact' && service !== null)
    return method === null
      ? { type: 'PathPrefix', value: `/${service}` }
      : { type: 'Exact', value: `/${service}/${method}` }
  return { type: 'RegularExpression', value: `/${segment(type, service)}/${segment(type, method)}` }
}

function segment(type: WireRpc['type'], value: string | null): string {
  if (value === null) return '[^/]+'
  // What an exact name may have is letters, digits and "_": nothing that an expression would read otherwise.
  return type === 'Exact' ? value : `(?:${value})`
}
