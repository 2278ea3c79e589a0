import type { WireBackend, WireMatch, WireRoute, WireRule } from '@heddle/shared/wire/config'
import type { CompiledFilters } from './filters.ts'
import type { WeightedBackends } from './split.ts'

export interface CompiledRule {
  /** `<HTTPRoute>/<rule>`. */
  readonly label: string
  readonly route: string
  readonly filters: CompiledFilters
  /** Empty: the parent service itself. */
  readonly backends: WeightedBackends
  readonly mirrors: readonly { readonly backend: WireBackend; readonly share: number }[]
  readonly timeouts: WireRule['timeouts']
  readonly retry: WireRule['retry']
}
/** One match of one rule; candidates are sorted in winning order. */
export interface RouteCandidate {
  readonly rule: CompiledRule
  readonly match: WireMatch
  /** Canonical prefix of a PathPrefix match without trailing slash ('' for "/"), for ReplacePrefixMatch; null else. */
  readonly prefix: string | null
}
export interface RouteTable {
  /** False: the destination has no routes; its requests carry the label `default`. */
  readonly hasRoutes: boolean
  /** Every (match, rule) pair in winning order. */
  readonly candidates: readonly RouteCandidate[]
}
/** @throws Error that names the rule, where a regular expression or a path cannot be compiled. */
export function compileRoutes(routes: readonly WireRoute[]): RouteTable {
  throw new Error(`pending ${routes.length}`)
}
