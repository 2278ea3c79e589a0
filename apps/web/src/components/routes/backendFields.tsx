// Where a rule's requests go: backends with relative weights, or the service itself.
'use client'
import type { ReactNode } from 'react'
import { Controller, useFieldArray, useFormContext, useWatch } from 'react-hook-form'
import { Field, FormSection, GroupMistake } from '@/components/form/fields'
import { NameField } from '@/components/form/nameField'
import { messageAt } from '@/components/form/resolver'
import { AddRow, RemoveRow } from '@/components/form/rowButtons'
import { NBSP } from '@/data/numbers'
import { type BackendForm, newBackend } from '@/data/routeForm'
import { shareTexts } from '@/data/shares'
import type { BackendName } from '@/server/schemas/routeEdits'

interface Props {
  names: readonly BackendName[]
  service: string
  /** What is to be said of them, below. */
  children?: ReactNode
}

export function BackendFields({ names, service, children }: Readonly<Props>) {
  const { fields, append, remove } = useFieldArray({ name: 'rule.backendRefs' })
  const { getValues } = useFormContext()
  const backends: BackendForm[] = useWatch({ name: 'rule.backendRefs' }) ?? []
  const weights = backends.map(({ weight }) => (weight === '' ? 1 : Number(weight)))
  const shares = weights.every((weight) => Number.isInteger(weight) && weight >= 0) ? shareTexts(weights) : []
  return (
    <FormSection title="Backends" note="Weights are relative: 1 and 1 are halves.">
      {fields.length === 0 && (
        <p className="mb-2 text-ink-2">None: calls go to every ready instance of {service}, whatever its version.</p>
      )}
      <div className="flex flex-col gap-2">
        {fields.map((field, i) => (
          <div key={field.id} className="flex items-start gap-2">
            <Controller
              name={`rule.backendRefs.${i}.name`}
              render={({ field: { value, onChange }, fieldState }) => (
                <NameField
                  label={`Backend ${i + 1}`}
                  placeholder={`${service}-v1`}
                  value={String(value)}
                  names={names}
                  error={messageAt(fieldState.error)}
                  onChange={onChange}
                  className="w-64 min-w-0 max-md:flex-1"
                />
              )}
            />
            <Field
              name={`rule.backendRefs.${i}.weight`}
              label={`Weight of backend ${i + 1}`}
              isLabelHidden
              placeholder="1"
              className="w-20"
            />
            <span className="w-12 pt-1.5 text-right text-ink-2">
              {shares[i] !== undefined && `${shares[i]}${NBSP}%`}
            </span>
            <RemoveRow
              label={`Take out backend ${String(getValues(`rule.backendRefs.${i}.name`))}`}
              onRemove={() => remove(i)}
            />
          </div>
        ))}
      </div>
      <div className="mt-2">
        <AddRow label="backend" onAdd={() => append(newBackend())} />
      </div>
      <GroupMistake name="rule.backendRefs" />
      {children}
    </FormSection>
  )
}
