// What a route would do, as its review says it before it is applied. Pure.
import type { AnyRule, Route } from '@heddle/shared/resources/anyRoute'
import { grpcRetryForm, grpcRetryInWords } from './grpcRetryForm.ts'
import { plural } from './numbers.ts'
import { allowsNonIdempotent, listsGrpcStatuses, onlyNonIdempotent, takesEverything } from './routeEdit.ts'
import { backendsInWords, matchesInWords } from './routeWords.ts'

/** Of a rule, and of what the route says of all of its rules. */
export function ruleSentence(route: Route, rule: AnyRule, service: string): string {
  const { kind } = route
  const backends = rule.backendRefs ?? []
  const isRedirect = rule.filters?.some(({ type }) => type === 'RequestRedirect') ?? false
  const where = isRedirect
    ? 'are redirected'
    : backends.length === 0
      ? `go to every ready instance of ${service}`
      : `go to ${backendsInWords(backends)}`
  const repeated = kind === 'GRPCRoute' ? grpcRetryInWords(grpcRetryForm(route), allowsNonIdempotent(route)) : null
  const { timeouts, retry } = 'timeouts' in rule || 'retry' in rule ? rule : {}
  const limits = [
    timeouts?.request === undefined ? '' : `within ${timeouts.request}`,
    retry === undefined ? '' : `with at most ${plural(retry.attempts ?? 1, 'repeat')}`,
    repeated === null ? '' : `repeated ${repeated}, as every call of this GRPCRoute`,
  ].filter((part) => part !== '')
  const things = kind === 'GRPCRoute' ? 'Calls' : 'Requests'
  return `${things} for ${matchesInWords(kind, rule)} ${where}${limits.length === 0 ? '' : `, ${limits.join(', ')}`}.`
}

/**
 * Sentences, each after a space, on what those who wrote `rules` may not expect of them; empty: nothing. `isFirst`: the
 * service has no route yet.
 */
export function surprises(route: Route, rules: readonly AnyRule[], service: string, isFirst: boolean): string {
  const repeatsMore = allowsNonIdempotent(route) || listsGrpcStatuses(route.metadata.annotations)
  const inVain = repeatsMore
    ? []
    : rules.flatMap((rule) => ('retry' in rule && rule.retry !== undefined ? onlyNonIdempotent(rule) : []))
  const refusal = route.kind === 'GRPCRoute' ? 'UNIMPLEMENTED' : '404'
  const isOfService = route.spec.parentRefs.some(({ name }) => name === service)
  return [
    inVain.length === 0
      ? ''
      : ` Of ${[...new Set(inVain)].join(' and ')} only calls that carried nothing to an application are tried again, unless the route allows more.`,
    isFirst && isOfService && !rules.some(takesEverything)
      ? ` It is the first route of ${service}: whatever it does not take is answered ${refusal} (no_route) from then on.`
      : '',
  ].join('')
}
