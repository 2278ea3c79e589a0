// What a rule changes in requests and answers: headers, rewrite, redirect, mirror.
'use client'
import { Menu } from '@base-ui/react/menu'
import type { RouteKind } from '@heddle/shared/resources/anyRoute'
import type { RouteFilter } from '@heddle/shared/resources/httpRoute'
import { Plus } from 'lucide-react'
import { Controller, useFieldArray, useWatch } from 'react-hook-form'
import { Choice, Field, FormSection, GroupMistake } from '@/components/form/fields'
import { NameField } from '@/components/form/nameField'
import { messageAt } from '@/components/form/resolver'
import { AddRow, RemoveRow } from '@/components/form/rowButtons'
import { type FilterForm, newFilter } from '@/data/routeForm'
import type { BackendName } from '@/server/schemas/routeEdits'

const KINDS: readonly { value: RouteFilter['type']; label: string }[] = [
  { value: 'RequestHeaderModifier', label: 'Change request headers' },
  { value: 'ResponseHeaderModifier', label: 'Change response headers' },
  { value: 'URLRewrite', label: 'Rewrite host or path' },
  { value: 'RequestRedirect', label: 'Redirect' },
  { value: 'RequestMirror', label: 'Mirror to another service' },
]
const PATH_CHANGES = [
  { value: 'keep', label: 'keep the path' },
  { value: 'ReplaceFullPath', label: 'the whole path becomes' },
  { value: 'ReplacePrefixMatch', label: 'the matched prefix becomes' },
] as const
const SCHEMES = [
  { value: '', label: 'same scheme' },
  { value: 'http', label: 'http' },
  { value: 'https', label: 'https' },
] as const
const STATUSES = [
  { value: '', label: '302 (default)' },
  ...['301', '302', '303', '307', '308'].map((value) => ({ value, label: value })),
]
const SHARES = [
  { value: 'all', label: 'everything' },
  { value: 'percent', label: 'percent' },
  { value: 'fraction', label: 'a fraction' },
] as const

/** What a call of gRPC cannot be: sent elsewhere under another path. */
const HTTP_ONLY: readonly RouteFilter['type'][] = ['URLRewrite', 'RequestRedirect']

export function FilterFields({ names, kind }: Readonly<{ names: readonly BackendName[]; kind: RouteKind }>) {
  const { fields, append, remove } = useFieldArray({ name: 'rule.filters' })
  return (
    <FormSection title="Filters" note="What is changed on the way.">
      <ol className="flex flex-col gap-4">
        {fields.map((field, i) => (
          <li key={field.id}>
            <FilterRow place={i} names={names} onRemove={() => remove(i)} />
          </li>
        ))}
      </ol>
      <Menu.Root>
        <Menu.Trigger className="mt-2 inline-flex h-7 items-center gap-1 rounded-1 border border-control border-dashed px-2 text-13 text-ink-2 hover:bg-hover max-md:h-11 max-md:px-3">
          <Plus size={12} aria-hidden />
          filter
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="start" className="z-(--z-popover)">
            <Menu.Popup className="min-w-36 rounded-3 bg-raised py-1.5 shadow-pop outline-none">
              {KINDS.filter(({ value }) => kind === 'HTTPRoute' || !HTTP_ONLY.includes(value)).map(
                ({ value, label }) => (
                  <Menu.Item
                    key={value}
                    onClick={() => append(newFilter(value))}
                    className="flex min-h-8 cursor-default items-center px-3 text-13 outline-none data-highlighted:bg-hover-raised max-md:min-h-11"
                  >
                    {label}
                  </Menu.Item>
                ),
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <GroupMistake name="rule.filters" />
    </FormSection>
  )
}

interface RowProps {
  place: number
  names: readonly BackendName[]
  onRemove: () => void
}

function FilterRow({ place, names, onRemove }: Readonly<RowProps>) {
  const name = `rule.filters.${place}`
  const filter: FilterForm | undefined = useWatch({ name })
  if (filter === undefined) return null
  const title = KINDS.find(({ value }) => value === filter.type)?.label ?? filter.type
  return (
    <>
      <div className="flex items-center gap-2">
        <span className="font-medium">{title}</span>
        <RemoveRow label={`Take out: ${title}`} onRemove={onRemove} />
      </div>
      {filter.type === 'RequestHeaderModifier' && <Headers name={`${name}.requestHeaderModifier`} />}
      {filter.type === 'ResponseHeaderModifier' && <Headers name={`${name}.responseHeaderModifier`} />}
      {filter.type === 'URLRewrite' && (
        <div className="flex flex-wrap items-start gap-2">
          <Field
            name={`${name}.urlRewrite.hostname`}
            label="Host"
            placeholder="keep the host"
            isMono
            className="w-52"
          />
          <PathChange name={`${name}.urlRewrite.path`} type={filter.urlRewrite.path.type} />
        </div>
      )}
      {filter.type === 'RequestRedirect' && (
        <div className="flex flex-wrap items-start gap-2">
          <Choice name={`${name}.requestRedirect.statusCode`} label="Status" isLabelHidden={false} options={STATUSES} />
          <Choice name={`${name}.requestRedirect.scheme`} label="Scheme" isLabelHidden={false} options={SCHEMES} />
          <Field
            name={`${name}.requestRedirect.hostname`}
            label="Host"
            placeholder="keep the host"
            isMono
            className="w-44"
          />
          <Field name={`${name}.requestRedirect.port`} label="Port" placeholder="by scheme" className="w-24" />
          <PathChange name={`${name}.requestRedirect.path`} type={filter.requestRedirect.path.type} />
        </div>
      )}
      {filter.type === 'RequestMirror' && (
        <div className="flex flex-wrap items-start gap-2">
          <Controller
            name={`${name}.requestMirror.backendRef.name`}
            render={({ field: { value, onChange }, fieldState }) => (
              <NameField
                label="Mirror to"
                placeholder="service"
                value={String(value)}
                names={names}
                error={messageAt(fieldState.error)}
                onChange={onChange}
                className="w-64"
              />
            )}
          />
          <Choice name={`${name}.requestMirror.share`} label="How much is mirrored" options={SHARES} />
          {filter.requestMirror.share === 'percent' && (
            <Field
              name={`${name}.requestMirror.percent`}
              label="Percent mirrored"
              isLabelHidden
              unit="%"
              className="w-20"
            />
          )}
          {filter.requestMirror.share === 'fraction' && (
            <>
              <Field
                name={`${name}.requestMirror.fraction.numerator`}
                label="Numerator"
                isLabelHidden
                unit="of"
                className="w-24"
              />
              <Field
                name={`${name}.requestMirror.fraction.denominator`}
                label="Denominator"
                isLabelHidden
                placeholder="100"
                className="w-24"
              />
            </>
          )}
        </div>
      )}
    </>
  )
}

function PathChange({
  name,
  type,
}: Readonly<{ name: string; type: 'keep' | 'ReplaceFullPath' | 'ReplacePrefixMatch' }>) {
  return (
    <>
      <Choice name={`${name}.type`} label="Path" isLabelHidden={false} options={PATH_CHANGES} />
      {type === 'ReplaceFullPath' && (
        <Field name={`${name}.replaceFullPath`} label="New path" isMono className="w-52" />
      )}
      {type === 'ReplacePrefixMatch' && (
        <Field name={`${name}.replacePrefixMatch`} label="New prefix" isMono className="w-52" />
      )}
    </>
  )
}

function Headers({ name }: Readonly<{ name: string }>) {
  return (
    <div className="flex flex-col gap-2">
      <Pairs name={`${name}.set`} verb="set" />
      <Pairs name={`${name}.add`} verb="add" />
      <Field
        name={`${name}.remove`}
        label="Remove (names, separated by commas)"
        placeholder="none"
        isMono
        className="max-w-96"
      />
    </div>
  )
}

function Pairs({ name, verb }: Readonly<{ name: string; verb: 'set' | 'add' }>) {
  const { fields, append, remove } = useFieldArray({ name })
  return (
    <div className="flex flex-col gap-2">
      {fields.map((field, i) => (
        <div key={field.id} className="flex items-start gap-2">
          <span className="w-8 pt-1.5 text-ink-2">{verb}</span>
          <Field name={`${name}.${i}.name`} label={`Header to ${verb}`} isLabelHidden isMono className="w-40" />
          <Field name={`${name}.${i}.value`} label={`Value to ${verb}`} isLabelHidden isMono className="w-52 min-w-0" />
          <RemoveRow label={`Take out header ${i + 1} to ${verb}`} onRemove={() => remove(i)} />
        </div>
      ))}
      <div>
        <AddRow label={`header to ${verb}`} onAdd={() => append({ name: '', value: '' })} />
      </div>
    </div>
  )
}
