// The editor of one rule of a service: fields that mirror the resource, or the whole route as YAML. What it proposes
// is reviewed before anything is sent. Loaded only when somebody edits.
'use client'
import { rulesOf } from '@heddle/shared/resources/anyRoute'
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { FormProvider, useForm, useWatch } from 'react-hook-form'
import { Choice, Field, FormSection } from '@/components/form/fields'
import { resolverOf } from '@/components/form/resolver'
import { usePermission } from '@/components/frame/usePermission'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copyButton'
import { DraftBadge } from '@/components/ui/draftBadge'
import { GuardedButton } from '@/components/ui/permission'
import { useDiffSoon } from '@/components/ui/resourceDiff'
import { Segmented } from '@/components/ui/segmented'
import { isSame } from '@/data/isSame'
import { applyCommand } from '@/data/lineDiff'
import { yamlOf } from '@/data/resourceYaml'
import { isOneRuleOf, listsGrpcStatuses } from '@/data/routeEdit'
import { ruleFormIn } from '@/data/routeForm'
import { editOfFields, policyOf } from '@/data/routePolicy'
import { ruleSentence, surprises } from '@/data/routeSentence'
import { matchesInWords } from '@/data/routeWords'
import { ruleIndex } from '@/data/ruleIndex'
import { BackendFields } from './backendFields'
import {
  backendForms,
  checkEditor,
  type EditorForm,
  type EditorResult,
  NEW,
  type OpenedRule,
  routeOfText,
  startOf,
} from './editedRoute'
import { FilterFields } from './filterFields'
import { GrpcPolicyFields } from './grpcPolicyFields'
import { LeftSplits } from './leftSplits'
import { MatchFields } from './matchFields'
import { PolicyFields } from './policyFields'
import type { Proposal } from './useRouteChange'
import { WhichRoute } from './whichRoute'

interface Props {
  service: string
  opened: OpenedRule
  onPropose: (proposal: Proposal) => void
  onClose: () => void
}

const VIEWS = [
  { value: 'form', label: 'Form' },
  { value: 'yaml', label: 'YAML' },
] as const

export function RouteEditor({ service, opened, onPropose, onClose }: Readonly<Props>) {
  const { kind, edited, routes, names } = opened
  useDiffSoon()
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

  /** What holds for all rules of a route is that route's, whichever the new rule goes into. */
  const takePolicyOf = (target: string) => {
    const { nonIdempotent, grpcRetry, annotations } = policyOf(baseOf(target))
    form.setValue('nonIdempotent', nonIdempotent)
    form.setValue('grpcRetry', grpcRetry)
    form.setValue('annotations', annotations)
    // They are of the statuses that stood there before.
    form.clearErrors('grpcRetry')
  }
  const editOf = ({ target, newName, rule, ...policy }: EditorResult) =>
    editOfFields({ kind, service, base: baseOf(target), name: newName, was: edited?.rule ?? null, rule, policy })
  const routeName = values.target === NEW ? values.newName : values.target
  const checked = check(values)
  /** The route as the fields would have it; null where they are not right yet. */
  const draft = 'value' in checked ? editOf(checked.value)(baseOf(checked.value.target)) : null
  const repeatsGrpc = listsGrpcStatuses(values.annotations ?? baseOf(values.target)?.metadata.annotations)
  const isUnchanged =
    edited !== null && (view === 'yaml' ? text === yamlOf(edited.route) : draft !== null && isSame(draft, edited.route))

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
    const read = routeOfText(text, kind)
    if (read.route === null) return setMistake(read.mistake)
    const name = values.rule.name
    const place = Math.max(0, name === '' ? rulesOf(read.route).length - 1 : ruleIndex(read.route, name))
    const rule = ruleFormIn(read.route, place)
    if (rule === null) return setMistake('The route has no rule.')
    const base = baseOf(values.target)
    const was = base === null || edited === null ? -1 : ruleIndex(base, edited.rule)
    if (read.route.metadata.name !== routeName || !isOneRuleOf(base, read.route, place, was))
      return setMistake(
        'The form holds this rule alone, and what else is changed here would be lost. Review it as YAML.',
      )
    const annotations = read.route.metadata.annotations ?? {}
    form.reset({ ...values, ...policyOf(read.route), annotations, rule })
    setMistake(null)
    setView('form')
  }

  const proposeText = () => {
    const read = routeOfText(text, kind)
    setMistake(read.mistake)
    if (read.route === null) return
    const { resourceVersion: _, ...metadata } = read.route.metadata
    const route = { ...read.route, metadata }
    const base = baseOf(metadata.name)
    onPropose({
      kind,
      name: metadata.name,
      base,
      edit: () => route,
      title: base === null ? `Add ${kind} ${metadata.name}?` : `Change ${kind} ${metadata.name}?`,
      sentence: () =>
        `As written in YAML: ${rulesOf(route).length} rules of ${route.spec.parentRefs.map(({ name }) => name).join(', ')}.${surprises(route, rulesOf(route), service, routes.length === 0)}`,
      act: base === null ? 'Add route' : 'Apply route',
      done: `${base === null ? 'Added' : 'Changed'} ${kind} ${metadata.name}`,
    })
  }
  const propose = form.handleSubmit((result) => {
    const base = baseOf(result.target)
    const name = base?.metadata.name ?? result.newName
    const others = base?.spec.parentRefs.filter((parent) => parent.name !== service) ?? []
    const words = matchesInWords(kind, result.rule)
    onPropose({
      kind,
      name,
      base,
      edit: editOf(result),
      title: edited === null ? `Add a route for ${words}?` : `Change the route for ${words}?`,
      sentence: (after) => (
        <>
          {after !== null && ruleSentence(after, result.rule, service)}
          {after !== null && surprises(after, [result.rule], service, routes.length === 0)}
          {others.length > 0 && ` ${kind} ${name} belongs to ${others.map((parent) => parent.name).join(', ')} too.`}
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
          {!isUnchanged && <DraftBadge />}
          <Segmented label="Edit as" value={view} segments={VIEWS} onChange={show} />
          {view === 'yaml' && <CopyButton text={applyCommand(text)} label="Copy as heddle apply" />}
        </div>
        {view === 'yaml' ? (
          <textarea
            aria-label={`${kind} as YAML`}
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
              <FormSection title={kind} note={`Rules of one ${kind} are applied and deleted together.`}>
                <div className="flex flex-wrap items-start gap-2">
                  <Choice
                    name="target"
                    label={kind}
                    options={[
                      ...routes.map(({ metadata: { name } }) => ({ value: name, label: `a rule of ${name}` })),
                      { value: NEW, label: `a new ${kind}` },
                    ]}
                    onPicked={takePolicyOf}
                  />
                  {values.target === NEW && (
                    <Field name="newName" label={`Name of the ${kind}`} isLabelHidden className="w-64" />
                  )}
                </div>
              </FormSection>
            )}
            <MatchFields kind={kind} />
            <BackendFields names={names} service={service}>
              {draft !== null && (
                <LeftSplits
                  service={service}
                  draft={draft}
                  onKeep={(backends) =>
                    form.setValue('rule.backendRefs', backendForms(backends), { shouldDirty: true })
                  }
                />
              )}
            </BackendFields>
            <FilterFields names={names} kind={kind} />
            {kind === 'GRPCRoute' ? (
              <GrpcPolicyFields route={routeName} />
            ) : (
              <PolicyFields route={routeName} repeatsGrpc={repeatsGrpc} />
            )}
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
            disabled={isUnchanged}
            onClick={view === 'yaml' ? proposeText : () => void propose()}
          >
            Review route
            <ArrowRight size={14} aria-hidden />
          </GuardedButton>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          {isUnchanged && permission?.allowed !== false && <span className="text-ink-2">Nothing is changed yet.</span>}
        </div>
        {draft !== null && view === 'form' && (
          <div className="mt-4">
            <WhichRoute service={service} kind={kind} draft={draft} />
          </div>
        )}
      </section>
    </FormProvider>
  )
}
