// What the route editor holds and what it means: the fields it begins with, what is wrong with them, a text as a route, and
// a rule in a sentence. Pure.
import { resourceNameSchema } from '@heddle/shared/names'
import { type HttpRoute, httpRouteSchema, type RouteRule, routeRuleSchema } from '@heddle/shared/resources/httpRoute'
import { parse } from 'yaml'
import { type Checked, checkedBy } from '@/components/form/resolver'
import { allowsNonIdempotent, freeName } from '@/data/routeEdit'
import { type BackendForm, newBackend, newRuleForm, type RuleForm, ruleFormOf, ruleOfForm } from '@/data/routeForm'
import { matchesInWords } from '@/data/routeWords'
import { ruleIndex } from '@/data/ruleIndex'
import type { BackendName } from '@/server/schemas/routeEdits'

export interface OpenedRule {
  /** null: a new rule. */
  edited: { route: HttpRoute; rule: string } | null
  /** The service's own routes. */
  routes: readonly HttpRoute[]
  names: readonly BackendName[]
  /** Names of every HTTPRoute of the mesh. */
  taken: readonly string[]
}

export interface EditorForm {
  /** Name of the HTTPRoute that the rule goes into; "+": a new one. */
  target: string
  newName: string
  nonIdempotent: boolean
  rule: RuleForm
}
export interface EditorResult {
  target: string
  newName: string
  nonIdempotent: boolean
  rule: RouteRule
}

/** The target that is no HTTPRoute yet. */
export const NEW = '+'
export function backendForms(backends: readonly { name: string; weight: number }[]): BackendForm[] {
  return backends.map(({ name, weight }) => ({ ...newBackend(name), weight: String(weight) }))
}

export function startOf(service: string, { edited, routes, taken }: OpenedRule): EditorForm {
  const rule = edited?.route.spec.rules[ruleIndex(edited.route, edited.rule)]
  const target = edited?.route.metadata.name ?? routes[0]?.metadata.name ?? NEW
  return {
    target,
    newName: freeName(service, taken),
    nonIdempotent: allowsNonIdempotent(edited?.route ?? null),
    rule: rule === undefined ? newRuleForm() : { ...ruleFormOf(rule), name: edited?.rule ?? '' },
  }
}

export function checkEditor(form: EditorForm, { edited, routes, taken }: OpenedRule): Checked<EditorResult> {
  const rule = checkedBy(routeRuleSchema, ruleOfForm(form.rule))
  const mistakes =
    'value' in rule ? [] : rule.mistakes.map(({ path, message }) => ({ path: ['rule', ...path], message }))
  if (form.target === NEW) {
    const name = checkedBy(resourceNameSchema, form.newName)
    if (!('value' in name)) mistakes.push(...name.mistakes.map(({ message }) => ({ path: ['newName'], message })))
    else if (taken.includes(form.newName)) mistakes.push({ path: ['newName'], message: 'there is one of this name' })
  }
  const others = routes
    .find(({ metadata }) => metadata.name === form.target)
    ?.spec.rules.filter(({ name }) => name !== edited?.rule)
  if (form.rule.name !== '' && others?.some(({ name }) => name === form.rule.name))
    mistakes.push({ path: ['rule', 'name'], message: `HTTPRoute ${form.target} has a rule of this name` })
  if (mistakes.length > 0 || !('value' in rule)) return { mistakes }
  return { value: { ...form, rule: rule.value } }
}

type ReadRoute = { route: HttpRoute; mistake: null } | { route: null; mistake: string }

export function routeOfText(text: string): ReadRoute {
  let document: unknown
  try {
    document = parse(text)
  } catch (error) {
    return { route: null, mistake: error instanceof Error ? error.message : 'This is not YAML.' }
  }
  const checked = checkedBy(httpRouteSchema, document)
  if ('value' in checked) return { route: checked.value, mistake: null }
  const [first] = checked.mistakes
  return { route: null, mistake: `${first?.path.map(String).join('.')}: ${first?.message}` }
}

export function sentenceOf(rule: RouteRule, service: string): string {
  const backends = rule.backendRefs ?? []
  const isRedirect = rule.filters?.some(({ type }) => type === 'RequestRedirect') ?? false
  const where = isRedirect
    ? 'are redirected'
    : backends.length === 0
      ? `go to every ready instance of ${service}`
      : `go to ${backends.map(({ name }) => name).join(', ')}`
  const limits = [
    rule.timeouts?.request === undefined ? '' : `within ${rule.timeouts.request}`,
    rule.retry === undefined ? '' : `with at most ${rule.retry.attempts ?? 1} repeats`,
  ].filter((part) => part !== '')
  return `Requests for ${matchesInWords(rule.matches)} ${where}${limits.length === 0 ? '' : `, ${limits.join(', ')}`}.`
}
