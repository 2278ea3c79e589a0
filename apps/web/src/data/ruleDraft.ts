// An access rule as the fields of a sentence. Pure.
import type { AccessRule, Caller } from '@heddle/shared/resources/accessRule'
import type { PathMatch } from '@heddle/shared/resources/httpRoute'

export interface RuleDraft {
  name: string
  action: 'Allow' | 'Deny'
  mode: 'enforce' | 'audit'
  /** A service's name, or one of the two groups. */
  callers: string[]
  /** Empty: any method. */
  methods: string[]
  /** Empty: any path. */
  paths: PathMatch[]
  service: string
  /** `<HTTPRoute>/<rule>`, or null for all of the service. */
  route: string | null
}

export const ANY_IN_MESH = 'any: authenticated'
export const OUTSIDE = 'any: public'

export function callerText(caller: string): string {
  return caller === ANY_IN_MESH ? 'anyone in the mesh' : caller === OUTSIDE ? 'callers outside the mesh' : caller
}

const fromCaller = (caller: Caller): string => ('service' in caller ? caller.service : `any: ${caller.any}`)

/** True where the sentence's fields can hold all of the rule: at most one group of methods and paths. */
export function fitsSentence(rule: AccessRule): boolean {
  return (rule.spec.to?.length ?? 0) <= 1
}

export function draftOf(rule: AccessRule): RuleDraft {
  const to = rule.spec.to?.[0]
  return {
    name: rule.metadata.name,
    action: rule.spec.action,
    mode: rule.spec.mode ?? 'enforce',
    callers: rule.spec.from.map(fromCaller),
    methods: [...(to?.methods ?? [])],
    paths: [...(to?.paths ?? [])],
    service: rule.spec.target.service,
    route: rule.spec.target.route ?? null,
  }
}

/** A new rule begins in audit mode: it counts what it would do and decides nothing. */
export function newDraft(service: string): RuleDraft {
  return { name: '', action: 'Allow', mode: 'audit', callers: [], methods: [], paths: [], service, route: null }
}

/** A name that says what the rule is about, free among those taken. */
export function suggestedName(draft: RuleDraft, taken: readonly string[]): string {
  const who = draft.callers.length === 1 ? (draft.callers[0] ?? '').replace(/^any: /, '') : 'callers'
  const base = `${draft.service === '' ? '' : `${draft.service}-`}${draft.action === 'Deny' ? 'not-' : ''}from-${who}`
  if (!taken.includes(base)) return base
  let n = 2
  while (taken.includes(`${base}-${n}`)) n++
  return `${base}-${n}`
}
