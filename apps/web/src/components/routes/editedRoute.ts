// What the route editor holds and what it means: the fields it begins with, what is wrong with them, and a text as a route.
// Pure.
import { resourceNameSchema } from '@heddle/shared/names'
import { type AnyRule, type Route, type RouteKind, rulesOf } from '@heddle/shared/resources/anyRoute'
import { grpcRuleSchema } from '@heddle/shared/resources/grpcRoute'
import { routeRuleSchema } from '@heddle/shared/resources/httpRoute'
import { routeSchema } from '@heddle/shared/resources/route'
import { parse } from 'yaml'
import { type Checked, checkedBy } from '@/components/form/resolver'
import { newGrpcMatch } from '@/data/grpcMatchForm'
import { grpcRetryMistakes } from '@/data/grpcRetryForm'
import { freeName } from '@/data/routeEdit'
import {
  type BackendForm,
  newBackend,
  newMatch,
  newRuleForm,
  type RuleForm,
  ruleFormIn,
  ruleOfForm,
} from '@/data/routeForm'
import { type PolicyForm, policyOf } from '@/data/routePolicy'
import { ruleIndex } from '@/data/ruleIndex'
import type { BackendName } from '@/server/schemas/routeEdits'

export interface OpenedRule {
  /** Of the service's routes; a new one is of it too, since both kinds are not merged. */
  kind: RouteKind
  /** null: a new rule. */
  edited: { route: Route; rule: string } | null
  /** The service's own routes. */
  routes: readonly Route[]
  names: readonly BackendName[]
  /** Names of every route of the mesh. */
  taken: readonly string[]
}

export interface EditorForm extends PolicyForm {
  /** Name of the route that the rule goes into; "+": a new one. */
  target: string
  newName: string
  rule: RuleForm
}
export interface EditorResult extends PolicyForm {
  target: string
  newName: string
  rule: AnyRule
}

/** The target that is no route yet. */
export const NEW = '+'
export function backendForms(backends: readonly { name: string; weight: number }[]): BackendForm[] {
  return backends.map(({ name, weight }) => ({ ...newBackend(name), weight: String(weight) }))
}

export function startOf(service: string, { kind, edited, routes, taken }: OpenedRule): EditorForm {
  const rule = edited === null ? null : ruleFormIn(edited.route, ruleIndex(edited.route, edited.rule))
  const target = edited?.route ?? routes[0] ?? null
  return {
    target: target?.metadata.name ?? NEW,
    newName: freeName(service, taken),
    ...policyOf(target),
    rule:
      rule === null
        ? newRuleForm(kind === 'GRPCRoute' ? newGrpcMatch() : newMatch())
        : { ...rule, name: edited?.rule ?? '' },
  }
}

export function checkEditor(form: EditorForm, { kind, edited, routes, taken }: OpenedRule): Checked<EditorResult> {
  const written = ruleOfForm(form.rule)
  const rule: Checked<AnyRule> =
    kind === 'GRPCRoute' ? checkedBy(grpcRuleSchema, written) : checkedBy(routeRuleSchema, written)
  const mistakes =
    'value' in rule ? [] : rule.mistakes.map(({ path, message }) => ({ path: ['rule', ...path], message }))
  if (kind === 'GRPCRoute')
    for (const { path, message } of grpcRetryMistakes(form.grpcRetry))
      mistakes.push({ path: ['grpcRetry', ...path], message })
  if (form.target === NEW) {
    const name = checkedBy(resourceNameSchema, form.newName)
    if (!('value' in name)) mistakes.push(...name.mistakes.map(({ message }) => ({ path: ['newName'], message })))
    else if (taken.includes(form.newName)) mistakes.push({ path: ['newName'], message: 'there is one of this name' })
  }
  const target = routes.find(({ metadata }) => metadata.name === form.target)
  const others = (target === undefined ? [] : rulesOf(target)).filter(({ name }) => name !== edited?.rule)
  if (form.rule.name !== '' && others.some(({ name }) => name === form.rule.name))
    mistakes.push({ path: ['rule', 'name'], message: `${kind} ${form.target} has a rule of this name` })
  if (mistakes.length > 0 || !('value' in rule)) return { mistakes }
  return { value: { ...form, rule: rule.value } }
}

type ReadRoute = { route: Route; mistake: null } | { route: null; mistake: string }

export function routeOfText(text: string, kind: RouteKind): ReadRoute {
  let document: unknown
  try {
    document = parse(text)
  } catch (error) {
    return { route: null, mistake: error instanceof Error ? error.message : 'This is not YAML.' }
  }
  const checked = checkedBy(routeSchema, document)
  if ('value' in checked) {
    if (checked.value.kind === kind) return { route: checked.value, mistake: null }
    return { route: null, mistake: `kind: must be ${kind} here; a route of another kind is applied by itself` }
  }
  const [first] = checked.mistakes
  return { route: null, mistake: `${first?.path.map(String).join('.')}: ${first?.message}` }
}
