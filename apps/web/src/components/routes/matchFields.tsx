// Which requests a rule is for: one match or several, each read back in words as it is edited.
'use client'
import type { RouteKind } from '@heddle/shared/resources/anyRoute'
import { HTTP_METHODS } from '@heddle/shared/resources/httpRouteTerms'
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form'
import { Choice, Field, FormSection, GroupMistake } from '@/components/form/fields'
import { AddRow, RemoveRow } from '@/components/form/rowButtons'
import { type GrpcMatchForm, newGrpcMatch } from '@/data/grpcMatchForm'
import { type MatchForm, newMatch } from '@/data/routeForm'
import { matchFormInWords } from '@/data/routeWords'

const PATHS = [
  { value: 'PathPrefix', label: 'paths under' },
  { value: 'Exact', label: 'exactly' },
  { value: 'RegularExpression', label: 'paths matching' },
  { value: 'any', label: 'any path' },
] as const
const METHODS = [
  { value: '', label: 'any method' },
  ...HTTP_METHODS.map((method) => ({ value: method, label: method })),
] as const
const CALLS = [
  { value: 'Exact', label: 'exactly' },
  { value: 'RegularExpression', label: 'matching' },
] as const
const VALUES = [
  { value: 'Exact', label: 'is' },
  { value: 'RegularExpression', label: 'matches' },
] as const

export function MatchFields({ kind }: Readonly<{ kind: RouteKind }>) {
  const [noun, Noun, create] =
    kind === 'GRPCRoute' ? (['call', 'Calls', newGrpcMatch] as const) : (['request', 'Requests', newMatch] as const)
  const { fields, append, remove } = useFieldArray({ name: 'rule.matches' })
  return (
    <FormSection title={Noun} note="that this rule is for. Any one of the matches is enough.">
      {fields.length === 0 && <p className="mb-2 text-ink-2">Every {noun}.</p>}
      <ol className="flex flex-col gap-4">
        {fields.map((field, i) => (
          <MatchRow key={field.id} place={i} onRemove={() => remove(i)} />
        ))}
      </ol>
      <div className="mt-3">
        <AddRow label={fields.length === 0 ? 'match' : 'another match'} onAdd={() => append(create())} />
      </div>
      <GroupMistake name="rule.matches" />
    </FormSection>
  )
}

function MatchRow({ place, onRemove }: Readonly<{ place: number; onRemove: () => void }>) {
  const name = `rule.matches.${place}`
  const match: MatchForm | GrpcMatchForm | undefined = useWatch({ name })
  if (match === undefined) return null
  return (
    <li>
      <div className="flex flex-wrap items-start gap-2">
        {'rpc' in match ? <CallFields name={`${name}.rpc`} /> : <RequestFields name={name} path={match.path.type} />}
        <RemoveRow label={`Take out match ${place + 1}`} onRemove={onRemove} />
      </div>
      <div className="flex flex-wrap gap-x-2">
        <ValueRows name={`${name}.headers`} noun="header" />
        {!('rpc' in match) && <ValueRows name={`${name}.queryParams`} noun="query" />}
      </div>
      <p className="mt-2 text-ink-2" aria-live="polite">
        Takes <span className="font-mono text-12 text-ink [overflow-wrap:anywhere]">{matchFormInWords(match)}</span>
      </p>
    </li>
  )
}

function RequestFields({ name, path }: Readonly<{ name: string; path: MatchForm['path']['type'] }>) {
  return (
    <>
      <Choice name={`${name}.method`} label="Method" options={METHODS} />
      <Choice name={`${name}.path.type`} label="Kind of path" options={PATHS} />
      {path !== 'any' && (
        <Field name={`${name}.path.value`} label="Path" isLabelHidden isMono className="min-w-40 flex-1" />
      )}
    </>
  )
}

function CallFields({ name }: Readonly<{ name: string }>) {
  return (
    <>
      <Choice name={`${name}.type`} label="How service and method are compared" options={CALLS} />
      <Field
        name={`${name}.service`}
        label="Service of gRPC"
        isLabelHidden
        isMono
        placeholder="any service"
        className="min-w-40 flex-1"
      />
      <Field
        name={`${name}.method`}
        label="Method of gRPC"
        isLabelHidden
        isMono
        placeholder="any method"
        className="min-w-32 max-w-80 flex-1"
      />
    </>
  )
}

function ValueRows({ name, noun }: Readonly<{ name: string; noun: 'header' | 'query' }>) {
  const { fields, append, remove } = useFieldArray({ name })
  const { getValues } = useFormContext()
  const said = noun === 'header' ? 'Header' : 'Query parameter'
  return (
    <div className={`mt-2 flex flex-col gap-2 ${fields.length > 0 ? 'basis-full' : ''}`}>
      {fields.map((field, i) => (
        <div key={field.id} className="flex flex-wrap items-start gap-2">
          <span className="w-24 whitespace-nowrap pt-1.5 text-ink-2 max-md:w-full">
            {i === 0 ? `where ${noun}` : `and ${noun}`}
          </span>
          <Field name={`${name}.${i}.name`} label={`${said} name`} isLabelHidden isMono className="w-40" />
          <Choice name={`${name}.${i}.type`} label={`${said}, how it is compared`} options={VALUES} />
          <Field
            name={`${name}.${i}.value`}
            label={`${said} value`}
            isLabelHidden
            isMono
            className="min-w-32 max-w-80 flex-1"
          />
          <RemoveRow label={`Take out ${noun} ${String(getValues(`${name}.${i}.name`))}`} onRemove={() => remove(i)} />
        </div>
      ))}
      <div>
        <AddRow label={noun} onAdd={() => append({ type: 'Exact', name: '', value: '' })} />
      </div>
    </div>
  )
}
