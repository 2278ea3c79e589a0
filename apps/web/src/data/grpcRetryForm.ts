// The retries of a GRPCRoute as the fields of its editor, and back. The Gateway API has no words for them there, so they
// stand in annotations of the route and hold for all of its rules. Pure.
import { GRPC_STATUS, grpcStatusText, parseGrpcStatuses } from '@heddle/shared/grpcStatus'
import type { Route } from '@heddle/shared/resources/anyRoute'
import { RETRY_ATTEMPTS_ANNOTATION, RETRY_GRPC_ANNOTATION } from '@heddle/shared/resources/httpRouteTerms'
import { EVERY_CALL_MATCH, retryInWords } from '../server/traffic/words.ts'
import { isSame } from './isSame.ts'

export interface GrpcRetryForm {
  isOn: boolean
  /** By name, such as "unavailable". */
  statuses: string[]
  /** Empty: the default, "1". */
  attempts: string
}

/** What can be repeated: whatever is not well. The one that says "not now" comes first. */
export const RETRIED_STATUSES: readonly string[] = [
  'unavailable',
  ...Object.keys(GRPC_STATUS).filter((name) => name !== 'ok' && name !== 'unavailable'),
]

/** Off, it holds what one would begin with. */
export function grpcRetryForm(route: Route | null): GrpcRetryForm {
  const { [RETRY_GRPC_ANNOTATION]: named, [RETRY_ATTEMPTS_ANNOTATION]: attempts = '' } =
    route?.metadata.annotations ?? {}
  const statuses = named === undefined ? ['unavailable'] : [...new Set(named.split(',').map((name) => name.trim()))]
  return { isOn: route?.kind === 'GRPCRoute' && named !== undefined, statuses, attempts }
}

/** The annotations as the fields mean them. Where they mean what stands there already, it keeps its spelling. */
export function withGrpcRetry<R extends Route>(route: R, form: GrpcRetryForm): R {
  const stored = grpcRetryForm(route)
  const isKept = form.isOn ? isSame(form, stored) : !stored.isOn
  if (route.kind !== 'GRPCRoute' || isKept) return route
  const { annotations = {}, ...metadata } = route.metadata
  const { [RETRY_GRPC_ANNOTATION]: _named, [RETRY_ATTEMPTS_ANNOTATION]: _attempts, ...others } = annotations
  const own = form.isOn
    ? {
        [RETRY_GRPC_ANNOTATION]: form.statuses.join(', '),
        ...(form.attempts !== '' && { [RETRY_ATTEMPTS_ANNOTATION]: form.attempts }),
      }
    : {}
  const all = { ...others, ...own }
  return { ...route, metadata: Object.keys(all).length === 0 ? metadata : { ...metadata, annotations: all } }
}

export function grpcRetryMistakes({ isOn, statuses, attempts }: GrpcRetryForm): { path: string[]; message: string }[] {
  if (!isOn) return []
  return [
    ...(statuses.length === 0 ? [{ path: ['statuses'], message: 'names at least one status' }] : []),
    ...(attempts === '' || /^(?:[0-9]|10)$/.test(attempts)
      ? []
      : [{ path: ['attempts'], message: 'must be a whole number from 0 to 10' }]),
  ]
}

/** As gRPC writes a status: "RESOURCE_EXHAUSTED". */
export function statusText(name: string): string {
  return (parseGrpcStatuses(name) ?? []).map(grpcStatusText).join('')
}

/** "2 × on UNAVAILABLE", as the list of routes says it; null: no status is repeated, or the fields are not right yet. */
export function grpcRetryInWords(form: GrpcRetryForm, nonIdempotent: boolean): string | null {
  const { isOn, statuses, attempts } = form
  if (!isOn || grpcRetryMistakes(form).length > 0) return null
  const grpcCodes = parseGrpcStatuses(statuses.join(',')) ?? []
  const retry = { codes: [], grpcCodes, attempts: Number(attempts === '' ? 1 : attempts), backoffMs: 0, nonIdempotent }
  return retryInWords({ retry, matches: [EVERY_CALL_MATCH] })
}
