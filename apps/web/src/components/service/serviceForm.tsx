// A service's settings as a form: what is left empty has its default, which stands in the field. A new service and an
// existing one alike; reviewed before anything is sent.
'use client'
import { type Service, type ServiceSettings, serviceSchema, serviceSettings } from '@heddle/shared/resources/service'
import { ArrowRight } from 'lucide-react'
import { FormProvider, useFieldArray, useForm, useWatch } from 'react-hook-form'
import { Choice, Field, FormSection, GroupMistake } from '@/components/form/fields'
import { type Checked, checkedBy, resolverOf } from '@/components/form/resolver'
import { AddRow, RemoveRow } from '@/components/form/rowButtons'
import { usePermission } from '@/components/frame/usePermission'
import { Button } from '@/components/ui/button'
import { GuardedButton } from '@/components/ui/permission'
import { useDiffSoon } from '@/components/ui/resourceDiff'
import {
  type ServiceForm as Form,
  repeatedKeys,
  serviceFormOf,
  serviceFormPath,
  serviceOfForm,
} from '@/data/serviceForm'

const DEFAULTS: ServiceSettings = serviceSettings(undefined)
const PROTOCOLS = [
  { value: '', label: `${DEFAULTS.protocol} (default)` },
  { value: 'http', label: 'http' },
  { value: 'grpc', label: 'grpc' },
  { value: 'tcp', label: 'tcp' },
] as const
const BALANCING = [
  { value: '', label: 'peak EWMA (default)' },
  { value: 'peak-ewma', label: 'peak EWMA' },
  { value: 'round-robin', label: 'round robin' },
] as const

interface Props {
  /** null: a new service. */
  base: Service | null
  /** What holds for a service that names no objective of its own. */
  meshObjective: string | null
  onReview: (service: Service) => void
  onCancel?: () => void
}

export function ServiceForm({ base, meshObjective, onReview, onCancel }: Readonly<Props>) {
  useDiffSoon()
  const permission = usePermission('service.write')
  const form = useForm<Form, unknown, { service: Service }>({
    mode: 'onTouched',
    defaultValues: serviceFormOf(base),
    resolver: resolverOf((values) => check(values, base)),
  })
  const review = form.handleSubmit(({ service }) => onReview(service))
  const isOpaque = useWatch({ control: form.control, name: 'protocol' }) === 'tcp'
  const isUnchanged = base !== null && !form.formState.isDirty
  return (
    <FormProvider {...form}>
      <form
        noValidate
        aria-label={base === null ? 'New service' : `Settings of ${base.metadata.name}`}
        onSubmit={(event) => {
          event.preventDefault()
          void review(event)
        }}
      >
        {base === null && (
          <FormSection title="Name" note="Callers use it as the host.">
            <Field name="name" label="Name of the service" isLabelHidden placeholder="catalog" className="max-w-80" />
          </FormSection>
        )}
        <FormSection title="Owner" note="Shown beside the name, and what a list can be filtered by.">
          <Field name="owner" label="Owner" isLabelHidden placeholder="nobody" className="max-w-80" />
        </FormSection>
        <FormSection
          title="Traffic"
          note={isOpaque ? 'Callers reach it by a local port: heddle run --upstream.' : 'How callers reach it.'}
        >
          <div className="flex flex-wrap items-start gap-4">
            <Choice name="protocol" label="Protocol" isLabelHidden={false} options={PROTOCOLS} />
            <Choice name="balancing" label="Balancing" isLabelHidden={false} options={BALANCING} />
          </div>
        </FormSection>
        <FormSection title="Objective" note="Below it the service is degraded.">
          <div className="flex flex-wrap items-start gap-4">
            <Field
              name="objective.successRate"
              label="Success"
              placeholder={meshObjective ?? 'of the mesh'}
              unit="%"
              className="w-36"
            />
            <Field
              name="objective.latencyP99"
              label={isOpaque ? 'Time to take p99' : 'Latency p99'}
              placeholder="none, e.g. 250ms"
              className="w-44"
            />
          </div>
        </FormSection>
        <FormSection title="Circuit breaker" note="When an instance is left alone, and for how long.">
          <div className="flex flex-wrap items-start gap-4">
            <Field
              name="breaker.consecutiveFailures"
              label="After failures in a row"
              placeholder={String(DEFAULTS.breaker.consecutiveFailures)}
              className="w-36"
            />
            <Field name="breaker.minPenalty" label="At first for" placeholder="1s" className="w-28" />
            <Field name="breaker.maxPenalty" label="At most for" placeholder="60s" className="w-28" />
          </div>
        </FormSection>
        <FormSection
          title="Retry budget"
          note={
            isOpaque
              ? 'How often a caller may try another instance where one takes no connection.'
              : 'How many repeats a caller may add to its own load.'
          }
        >
          <div className="flex flex-wrap items-start gap-4">
            <Field
              name="retryBudget.percent"
              label={isOpaque ? 'Of its connections' : 'Of its requests'}
              placeholder={String(DEFAULTS.retryBudget.percent)}
              unit="%"
              className="w-28"
            />
            <Field
              name="retryBudget.minPerSecond"
              label="And in any case"
              placeholder={String(DEFAULTS.retryBudget.minPerSecond)}
              unit="per s"
              className="w-36"
            />
            <Field name="retryBudget.window" label="Over the last" placeholder="10s" className="w-28" />
          </div>
        </FormSection>
        <FormSection
          title="Limits"
          note={`For each instance; ${isOpaque ? 'more connections are refused' : 'more is answered 429'}.`}
        >
          <div className="flex flex-wrap items-start gap-4">
            <Field
              name="limits.requestsPerSecond"
              label="All callers"
              placeholder="unlimited"
              unit="per s"
              className="w-44"
            />
            <Field name="limits.perCaller" label="Each caller" placeholder="unlimited" unit="per s" className="w-44" />
          </div>
        </FormSection>
        <FormSection title="Other labels">
          <Rows name="labels" keyName="key" valueName="value" noun="label" placeholders={['team', 'shop']} />
        </FormSection>
        <FormSection title="Links" note="{service} and {route} are filled in.">
          <Rows
            name="links"
            keyName="name"
            valueName="href"
            noun="link"
            placeholders={['dashboard', 'https://example.test/d/{service}']}
          />
        </FormSection>
        <div className="flex flex-wrap items-center gap-3 border-line border-t pt-4">
          <GuardedButton permission={permission} look="primary" type="submit" disabled={isUnchanged}>
            {base === null ? 'Review service' : 'Review settings'}
            <ArrowRight size={14} aria-hidden />
          </GuardedButton>
          {onCancel !== undefined && (
            <Button look="quiet" onClick={onCancel}>
              Cancel
            </Button>
          )}
          {base !== null && (
            <Button look="quiet" disabled={isUnchanged} onClick={() => form.reset()}>
              Discard
            </Button>
          )}
          {isUnchanged && permission?.allowed !== false && <span className="text-ink-2">Nothing is changed yet.</span>}
        </div>
      </form>
    </FormProvider>
  )
}

function check(form: Form, base: Service | null): Checked<{ service: Service }> {
  const repeated = repeatedKeys(form)
  if (repeated.length > 0) return { mistakes: repeated }
  const checked = checkedBy(serviceSchema, serviceOfForm(form, base))
  if ('value' in checked) return { value: { service: checked.value } }
  return {
    mistakes: checked.mistakes.map(({ path, message }) => ({ path: serviceFormPath(path, form), message })),
  }
}

interface RowsProps {
  name: string
  keyName: string
  valueName: string
  noun: string
  placeholders: readonly [string, string]
}

function Rows({ name, keyName, valueName, noun, placeholders }: Readonly<RowsProps>) {
  const { fields, append, remove } = useFieldArray({ name })
  return (
    <div className="flex flex-col gap-2">
      {fields.map((field, i) => (
        <div key={field.id} className="flex items-start gap-2">
          <Field
            name={`${name}.${i}.${keyName}`}
            label={`Name of ${noun} ${i + 1}`}
            isLabelHidden
            placeholder={placeholders[0]}
            className="w-40"
          />
          <Field
            name={`${name}.${i}.${valueName}`}
            label={`Value of ${noun} ${i + 1}`}
            isLabelHidden
            placeholder={placeholders[1]}
            className="min-w-0 max-w-[420px] flex-1"
          />
          <RemoveRow label={`Take out ${noun} ${i + 1}`} onRemove={() => remove(i)} />
        </div>
      ))}
      <div>
        <AddRow label={noun} onAdd={() => append({ [keyName]: '', [valueName]: '' })} />
      </div>
      <GroupMistake name={name} />
    </div>
  )
}
