// The editor of one rule of a service: fields that mirror the resource, or the whole HTTPRoute as YAML. What it proposes
// is reviewed before anything is sent. Loaded only when somebody edits.
'use client'
import { resourceNameSchema } from '@heddle/shared/names'
import { type HttpRoute, httpRouteSchema, type RouteRule, routeRuleSchema } from '@heddle/shared/resources/httpRoute'
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { FormProvider, useForm, useWatch } from 'react-hook-form'
import { parse } from 'yaml'
import { Choice, Field, FormSection } from '@/components/form/fields'
import { type Checked, checkedBy, resolverOf } from '@/components/form/resolver'
import { usePermission } from '@/components/frame/usePermission'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copyButton'
import { GuardedButton } from '@/components/ui/permission'
import { Segmented } from '@/components/ui/segmented'
import { applyCommand } from '@/data/lineDiff'
import { yamlOf } from '@/data/resourceYaml'
import { allowsNonIdempotent, freeName, newRoute, withNonIdempotent, withRule } from '@/data/routeEdit'
import { newRuleForm, type RuleForm, ruleFormOf, ruleOfForm } from '@/data/routeForm'
import { matchesInWords } from '@/data/routeWords'
import { ruleIndex } from '@/data/ruleIndex'
import type { BackendName } from '@/server/schemas/routeEdits'
import { BackendFields } from './backendFields'
import { FilterFields } from './filterFields'
import { MatchFields } from './matchFields'
import { PolicyFields } from './policyFields'
import type { Proposal } from './useRouteChange'
import { WhichRoute } from './whichRoute'

export interface OpenedRule {
  /** null: a new rule. */
  edited: { route: HttpRoute; rule: string } | null
  /** The service's own routes. */
  routes: readonly HttpRoute[]
  names: readonly BackendName[]
  /** Names of every HTTPRoute of the mesh. */
  taken: readonly string[]
}

interface Props {
  service: string
  opened: OpenedRule
  onPropose: (proposal: Proposal) => void
  onClose: () => void
}

interface EditorForm {
  /** Name of the HTTPRoute that the rule goes into; "+": a new one. */
  target: string
  newName: string
  nonIdempotent: boolean
  rule: RuleForm
}
interface EditorResult {
  target: string
  newName: string
  nonIdempotent: boolean
  rule: RouteRule
}

const NEW = '+'
const VIEWS = [
  { value: 'form', label: 'Form' },
  { value: 'yaml', label: 'YAML' },
] as const

export function RouteEditor({ service, opened, onPropose, onClose }: Readonly<Props>) {
  const { edited, routes, names } = opened
  const permission = usePermission('route.write')
  const check = (form: EditorForm) => checkEditor(form, opened)
  const form = useForm<EditorForm, unknown, EditorResult>({
    mode: 'onTouched',
    defaultValues: startOf(service, opened),
    resolver: resolverOf(check),
  })
  const values = useWatch({ control: form.control }) as EditorForm
  const [view, setView] = useState<'form' | 'yaml'>('form')
  const [text, setText] = useState('')
  const [mistake, setMistake] = useState<string | null>(null)
  const baseOf = (target: string) => routes.find(({ metadata }) => metadata.name === target) ?? null

  /** The route as the fields would have it; null where they are not right yet. */
  const build = (result: EditorResult): HttpRoute | null => {
    const base = baseOf(result.target)
    const route =
      base === null
        ? httpRouteSchema.safeParse(newRoute(result.newName, service, result.rule)).data
        : withRule(base, edited?.rule ?? null, result.rule)
    return route === undefined ? null : withNonIdempotent(route, result.nonIdempotent)
  }
  const checked = check(values)
  const draft = 'value' in checked ? build(checked.value) : null

  const show = (next: 'form' | 'yaml') => {
    if (next === view) return
    if (next === 'yaml') {
      void form.trigger()
      if (draft === null) return
      setText(yamlOf(draft))
      setMistake(null)
      setView('yaml')
      return
    }
    const read = routeOfText(text)
    if (read.route === null) return setMistake(read.mistake)
    const name = values.rule.name
    const place = Math.max(0, name === '' ? read.route.spec.rules.length - 1 : ruleIndex(read.route, name))
    const rule = read.route.spec.rules[place]
    if (rule === undefined) return setMistake('The route has no rule.')
    form.reset({ ...values, nonIdempotent: allowsNonIdempotent(read.route), rule: ruleFormOf(rule) })
    setMistake(null)
    setView('form')
  }

  const proposeText = () => {
    const read = routeOfText(text)
    setMistake(read.mistake)
    if (read.route === null) return
    const { resourceVersion: _, ...metadata } = read.route.metadata
    const route = { ...read.route, metadata }
    const base = baseOf(metadata.name)
    onPropose({
      name: metadata.name,
      base,
      edit: () => route,
      title: base === null ? `Add HTTPRoute ${metadata.name}?` : `Change HTTPRoute ${metadata.name}?`,
      sentence: `As written in YAML: ${route.spec.rules.length} rules of ${route.spec.parentRefs.map(({ name }) => name).join(', ')}.`,
      act: base === null ? 'Add route' : 'Apply route',
      done: `${base === null ? 'Added' : 'Changed'} HTTPRoute ${metadata.name}`,
    })
  }
  const propose = form.handleSubmit((result) => {
    const base = baseOf(result.target)
    const name = base?.metadata.name ?? result.newName
    const others = base?.spec.parentRefs.filter((parent) => parent.name !== service) ?? []
    const words = matchesInWords(result.rule.matches)
    onPropose({
      name,
      base,
      edit: (route) =>
        route === null
          ? withNonIdempotent(httpRouteSchema.parse(newRoute(name, service, result.rule)), result.nonIdempotent)
          : withNonIdempotent(withRule(route, edited?.rule ?? null, result.rule), result.nonIdempotent),
      title: edited === null ? `Add a route for ${words}?` : `Change the route for ${words}?`,
      sentence: (
        <>
          {sentenceOf(result.rule, service)}
          {others.length > 0 && ` HTTPRoute ${name} belongs to ${others.map((parent) => parent.name).join(', ')} too.`}
        </>
      ),
      act: edited === null ? 'Add route' : 'Apply route',
      done: `${edited === null ? 'Added' : 'Changed'} the route for ${words}`,
    })
  })

  return (
    <FormProvider {...form}>
      <section aria-label={edited === null ? 'New route' : `Edit ${edited.rule}`} className="pb-4">
        <div className="flex flex-wrap items-center gap-3 py-3">
          <h3 className="font-semibold text-14">{edited === null ? 'New route' : 'Edit route'}</h3>
          <Segmented label="Edit as" value={view} segments={VIEWS} onChange={show} />
          {view === 'yaml' && <CopyButton text={applyCommand(text)} label="Copy as heddle apply" />}
        </div>
        {view === 'yaml' ? (
          <textarea
            aria-label="HTTPRoute as YAML"
            value={text}
            spellCheck={false}
            onChange={(event) => {
              setText(event.target.value)
              setMistake(null)
            }}
            className="block h-96 w-full rounded-2 border border-control bg-canvas p-3 font-mono text-12 leading-5"
          />
        ) : (
          <>
            {edited === null && (
              <FormSection title="HTTPRoute" note="Rules of one HTTPRoute are applied and deleted together.">
                <div className="flex flex-wrap items-start gap-2">
                  <Choice
                    name="target"
                    label="HTTPRoute"
                    options={[
                      ...routes.map(({ metadata: { name } }) => ({ value: name, label: `a rule of ${name}` })),
                      { value: NEW, label: 'a new HTTPRoute' },
                    ]}
                  />
                  {values.target === NEW && (
                    <Field name="newName" label="Name of the HTTPRoute" isLabelHidden className="w-64" />
                  )}
                </div>
              </FormSection>
            )}
            <MatchFields />
            <BackendFields names={names} service={service} />
            <FilterFields names={names} />
            <PolicyFields route={values.target === NEW ? values.newName : values.target} />
            <FormSection title="Name" note="Numbers and access rules know the rule by it.">
              <Field
                name="rule.name"
                label="Name of the rule"
                isLabelHidden
                placeholder="from its first match"
                className="max-w-80"
                hint={
                  edited !== null && values.rule.name !== edited.rule
                    ? 'Under another name its numbers begin anew, and access rules that name it stand against it.'
                    : undefined
                }
              />
            </FormSection>
          </>
        )}
        {mistake !== null && (
          <p role="alert" className="mt-3 text-fail-text">
            {mistake}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-3 border-line border-t pt-4">
          <GuardedButton
            permission={permission}
            look="primary"
            onClick={view === 'yaml' ? proposeText : () => void propose()}
          >
            Review route
            <ArrowRight size={14} aria-hidden />
          </GuardedButton>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
        {draft !== null && view === 'form' && (
          <div className="mt-4">
            <WhichRoute service={service} draft={draft} />
          </div>
        )}
      </section>
    </FormProvider>
  )
}

function startOf(service: string, { edited, routes, taken }: OpenedRule): EditorForm {
  const rule = edited?.route.spec.rules[ruleIndex(edited.route, edited.rule)]
  const target = edited?.route.metadata.name ?? routes[0]?.metadata.name ?? NEW
  return {
    target,
    newName: freeName(service, taken),
    nonIdempotent: allowsNonIdempotent(edited?.route ?? null),
    rule: rule === undefined ? newRuleForm() : { ...ruleFormOf(rule), name: edited?.rule ?? '' },
  }
}

function checkEditor(form: EditorForm, { edited, routes, taken }: OpenedRule): Checked<EditorResult> {
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

function routeOfText(text: string): ReadRoute {
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

function sentenceOf(rule: RouteRule, service: string): string {
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
