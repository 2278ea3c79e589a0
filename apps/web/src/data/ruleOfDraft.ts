// The rule that a sentence means. What the sentence cannot hold is left alone, never lost. Pure.
import { type AccessRule, accessRuleSchema } from '@heddle/shared/resources/accessRule'
import { ANY_IN_MESH, fitsSentence, OUTSIDE, type RuleDraft } from './ruleDraft.ts'

function toCaller(caller: string): unknown {
  if (caller === ANY_IN_MESH) return { any: 'authenticated' }
  if (caller === OUTSIDE) return { any: 'public' }
  return { service: caller }
}

export type BuiltRule = { rule: AccessRule; mistake: null } | { rule: null; mistake: string }

/** The rule that a draft means, or the first thing that is missing, as a sentence. `base` keeps labels and annotations. */
export function ruleOf(draft: RuleDraft, base: AccessRule | null): BuiltRule {
  if (draft.callers.length === 0) return { rule: null, mistake: 'Name at least one caller.' }
  if (draft.service === '') return { rule: null, mistake: 'Choose the service that is called.' }
  const to = {
    ...(draft.methods.length > 0 && { methods: draft.methods }),
    ...(draft.paths.length > 0 && { paths: draft.paths }),
  }
  const { resourceVersion: _, ...metadata } = base?.metadata ?? { name: draft.name }
  const isEverything = draft.methods.length === 0 && draft.paths.length === 0
  const keepsTo = base !== null && !fitsSentence(base)
  const built = {
    apiVersion: 'heddle.dev/v1',
    kind: 'AccessRule',
    metadata: { ...metadata, name: draft.name },
    spec: {
      target: { service: draft.service, ...(draft.route !== null && { route: draft.route }) },
      action: draft.action,
      mode: draft.mode,
      from: draft.callers.map(toCaller),
      ...(keepsTo ? { to: base.spec.to } : isEverything ? {} : { to: [to] }),
    },
  }
  const parsed = accessRuleSchema.safeParse(built)
  if (parsed.success) return { rule: parsed.data, mistake: null }
  const issue = parsed.error.issues[0]
  const field = issue?.path.at(-1)
  return {
    rule: null,
    mistake: `${typeof field === 'string' ? `${field}: ` : ''}${issue?.message ?? 'something is wrong'}.`,
  }
}
