// A rule of a route as the fields of its editor, and back. The fields mirror the resource, so that a mistake's path
// leads to its field; numbers are texts, and an empty text is an absent field, which means the default. What has no field
// of its own (group, kind and port of a reference) travels along. Pure.

import type { AnyRule, Route } from '@heddle/shared/resources/anyRoute'
import type { BackendRef, RouteFilter, RouteMatch, RouteRule } from '@heddle/shared/resources/httpRoute'
import { numberOf, present, textOf, unknownList } from './formText.ts'
import { type GrpcMatchForm, grpcMatchForm, grpcMatchOf } from './grpcMatchForm.ts'

export interface ValueMatchForm {
  type: 'Exact' | 'RegularExpression'
  name: string
  value: string
}
export interface MatchForm {
  /** `any`: the match names no path. */
  path: { type: 'any' | 'Exact' | 'PathPrefix' | 'RegularExpression'; value: string }
  /** Empty: any. */
  method: string
  headers: ValueMatchForm[]
  queryParams: ValueMatchForm[]
}
export interface PairForm {
  name: string
  value: string
}
export interface HeadersForm {
  set: PairForm[]
  add: PairForm[]
  /** Names, separated by commas. */
  remove: string
}
export interface PathChangeForm {
  type: 'keep' | 'ReplaceFullPath' | 'ReplacePrefixMatch'
  replaceFullPath: string
  replacePrefixMatch: string
}
interface ReferenceForm {
  group?: '' | undefined
  kind?: 'Service' | undefined
  namespace?: 'default' | undefined
  name: string
  port: string
}
export type FilterForm =
  | { type: 'RequestHeaderModifier'; requestHeaderModifier: HeadersForm }
  | { type: 'ResponseHeaderModifier'; responseHeaderModifier: HeadersForm }
  | {
      type: 'RequestRedirect'
      requestRedirect: { scheme: string; hostname: string; path: PathChangeForm; port: string; statusCode: string }
    }
  | { type: 'URLRewrite'; urlRewrite: { hostname: string; path: PathChangeForm } }
  | {
      type: 'RequestMirror'
      requestMirror: {
        backendRef: ReferenceForm
        share: 'all' | 'percent' | 'fraction'
        percent: string
        fraction: { numerator: string; denominator: string }
      }
    }
export type BackendForm = ReferenceForm & { weight: string }
export interface RetryForm {
  isOn: boolean
  /** `default`: those that say "not now"; `listed`: those of `codes`, which may be none. */
  on: 'default' | 'listed'
  codes: string
  attempts: string
  backoff: string
}
export interface RuleForm {
  /** Empty: it gets a name when it is saved. */
  name: string
  /** All of the kind of the route. */
  matches: (MatchForm | GrpcMatchForm)[]
  filters: FilterForm[]
  backendRefs: BackendForm[]
  timeouts: { request: string; backendRequest: string }
  retry: RetryForm
}

export function newMatch(): MatchForm {
  return { path: { type: 'PathPrefix', value: '/' }, method: '', headers: [], queryParams: [] }
}

export function newBackend(name = ''): BackendForm {
  return { name, port: '', weight: '' }
}

export function newRuleForm(match: RuleForm['matches'][number] = newMatch()): RuleForm {
  return {
    name: '',
    matches: [match],
    filters: [],
    backendRefs: [],
    timeouts: { request: '', backendRequest: '' },
    retry: { isOn: false, on: 'default', codes: '', attempts: '', backoff: '' },
  }
}

export function newFilter(type: RouteFilter['type']): FilterForm {
  switch (type) {
    case 'RequestHeaderModifier':
      return { type, requestHeaderModifier: { set: [{ name: '', value: '' }], add: [], remove: '' } }
    case 'ResponseHeaderModifier':
      return { type, responseHeaderModifier: { set: [{ name: '', value: '' }], add: [], remove: '' } }
    case 'RequestRedirect':
      return {
        type,
        requestRedirect: { scheme: '', hostname: '', path: pathChangeForm(undefined), port: '', statusCode: '' },
      }
    case 'URLRewrite':
      return { type, urlRewrite: { hostname: '', path: pathChangeForm(undefined) } }
    case 'RequestMirror':
      return {
        type,
        requestMirror: {
          backendRef: { name: '', port: '' },
          share: 'percent',
          percent: '10',
          fraction: { numerator: '', denominator: '' },
        },
      }
  }
}

/** null: the route has no such rule. */
export function ruleFormIn(route: Route, place: number): RuleForm | null {
  if (route.kind === 'HTTPRoute') {
    const rule = route.spec.rules[place]
    return rule === undefined ? null : ruleFormOf(rule)
  }
  const rule = route.spec.rules[place]
  return rule === undefined
    ? null
    : { ...newRuleForm(), ...commonForm(rule), matches: (rule.matches ?? []).map(grpcMatchForm) }
}

function commonForm(rule: AnyRule): Pick<RuleForm, 'name' | 'filters' | 'backendRefs'> {
  return {
    name: rule.name ?? '',
    filters: (rule.filters ?? []).map(filterForm),
    backendRefs: (rule.backendRefs ?? []).map((ref) => ({ ...referenceForm(ref), weight: textOf(ref.weight) })),
  }
}

export function ruleFormOf(rule: RouteRule): RuleForm {
  const { retry, timeouts } = rule
  return {
    ...commonForm(rule),
    matches: (rule.matches ?? []).map(matchForm),
    timeouts: { request: timeouts?.request ?? '', backendRequest: timeouts?.backendRequest ?? '' },
    retry: {
      isOn: retry !== undefined,
      on: retry?.codes === undefined ? 'default' : 'listed',
      codes: (retry?.codes ?? []).join(', '),
      attempts: textOf(retry?.attempts),
      backoff: retry?.backoff ?? '',
    },
  }
}

function matchForm(match: RouteMatch): MatchForm {
  return {
    path: match.path ?? { type: 'any', value: '' },
    method: match.method ?? '',
    headers: match.headers ?? [],
    queryParams: match.queryParams ?? [],
  }
}

type Reference = Omit<BackendRef, 'weight'>

function referenceForm({ group, kind, namespace, name, port }: Reference): ReferenceForm {
  return { ...present({ group, kind, namespace }), name, port: textOf(port) }
}

function headersForm(modifier: {
  set?: PairForm[] | undefined
  add?: PairForm[] | undefined
  remove?: string[] | undefined
}): HeadersForm {
  return { set: modifier.set ?? [], add: modifier.add ?? [], remove: (modifier.remove ?? []).join(', ') }
}

function pathChangeForm(
  change:
    | { type: 'ReplaceFullPath'; replaceFullPath: string }
    | { type: 'ReplacePrefixMatch'; replacePrefixMatch: string }
    | undefined,
): PathChangeForm {
  const empty = { replaceFullPath: '', replacePrefixMatch: '' }
  return change === undefined ? { type: 'keep', ...empty } : { ...empty, ...change }
}

function filterForm(filter: RouteFilter): FilterForm {
  switch (filter.type) {
    case 'RequestHeaderModifier':
      return { type: filter.type, requestHeaderModifier: headersForm(filter.requestHeaderModifier) }
    case 'ResponseHeaderModifier':
      return { type: filter.type, responseHeaderModifier: headersForm(filter.responseHeaderModifier) }
    case 'RequestRedirect': {
      const { scheme = '', hostname = '', path, port, statusCode } = filter.requestRedirect
      const requestRedirect = { scheme, hostname, path: pathChangeForm(path), port: textOf(port) }
      return { type: filter.type, requestRedirect: { ...requestRedirect, statusCode: textOf(statusCode) } }
    }
    case 'URLRewrite': {
      const { hostname = '', path } = filter.urlRewrite
      return { type: filter.type, urlRewrite: { hostname, path: pathChangeForm(path) } }
    }
    case 'RequestMirror': {
      const { backendRef, percent, fraction } = filter.requestMirror
      return {
        type: filter.type,
        requestMirror: {
          backendRef: referenceForm(backendRef),
          share: percent !== undefined ? 'percent' : fraction !== undefined ? 'fraction' : 'all',
          percent: textOf(percent),
          fraction: { numerator: textOf(fraction?.numerator), denominator: textOf(fraction?.denominator) },
        },
      }
    }
  }
}

/** The rule that the fields mean, not yet checked: the schema of its kind says what is wrong with it. */
export function ruleOfForm(form: RuleForm): unknown {
  const { timeouts, retry } = form
  return present({
    name: form.name === '' ? undefined : form.name,
    matches: list(form.matches.map((match) => ('rpc' in match ? grpcMatchOf(match) : matchOf(match)))),
    filters: list(form.filters.map(filterOf)),
    backendRefs: list(
      form.backendRefs.map(({ weight, ...reference }) =>
        present({ ...referenceOf(reference), weight: numberOf(weight) }),
      ),
    ),
    timeouts: group({ request: filled(timeouts.request), backendRequest: filled(timeouts.backendRequest) }),
    retry: retry.isOn
      ? present({
          codes: retry.on === 'listed' ? unknownList(retry.codes).map(numberOf) : undefined,
          attempts: numberOf(retry.attempts),
          backoff: filled(retry.backoff),
        })
      : undefined,
  })
}

function matchOf({ path, method, headers, queryParams }: MatchForm): unknown {
  return present({
    path: path.type === 'any' ? undefined : { type: path.type, value: path.value },
    method: filled(method),
    headers: list(headers),
    queryParams: list(queryParams),
  })
}

function referenceOf({ port, ...reference }: ReferenceForm): object {
  return present({ ...reference, port: numberOf(port) })
}

function headersOf({ set, add, remove }: HeadersForm): unknown {
  return present({ set: list(set), add: list(add), remove: list(unknownList(remove)) })
}

function pathChangeOf({ type, replaceFullPath, replacePrefixMatch }: PathChangeForm): unknown {
  if (type === 'keep') return undefined
  return type === 'ReplaceFullPath' ? { type, replaceFullPath } : { type, replacePrefixMatch }
}

function filterOf(filter: FilterForm): unknown {
  switch (filter.type) {
    case 'RequestHeaderModifier':
      return { type: filter.type, requestHeaderModifier: headersOf(filter.requestHeaderModifier) }
    case 'ResponseHeaderModifier':
      return { type: filter.type, responseHeaderModifier: headersOf(filter.responseHeaderModifier) }
    case 'RequestRedirect': {
      const { scheme, hostname, path, port, statusCode } = filter.requestRedirect
      const target = { scheme: filled(scheme), hostname: filled(hostname), path: pathChangeOf(path) }
      const requestRedirect = { ...target, port: numberOf(port), statusCode: numberOf(statusCode) }
      return { type: filter.type, requestRedirect: present(requestRedirect) }
    }
    case 'URLRewrite': {
      const { hostname, path } = filter.urlRewrite
      return { type: filter.type, urlRewrite: present({ hostname: filled(hostname), path: pathChangeOf(path) }) }
    }
    case 'RequestMirror': {
      const { backendRef, share, percent, fraction } = filter.requestMirror
      const part = { numerator: numberOf(fraction.numerator), denominator: numberOf(fraction.denominator) }
      return {
        type: filter.type,
        requestMirror: present({
          backendRef: referenceOf(backendRef),
          percent: share === 'percent' ? (numberOf(percent) ?? '') : undefined,
          fraction: share === 'fraction' ? present({ ...part, numerator: part.numerator ?? '' }) : undefined,
        }),
      }
    }
  }
}

const filled = (text: string): string | undefined => (text === '' ? undefined : text)
const list = <T>(items: T[]): T[] | undefined => (items.length === 0 ? undefined : items)

/** An object of optional fields; absent where none of them is there. */
function group(fields: object): object | undefined {
  const kept = present(fields)
  return Object.keys(kept).length === 0 ? undefined : kept
}
