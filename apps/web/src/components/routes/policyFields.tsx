// How long a request may take and what is asked again: timeouts and retries of a rule.
'use client'
import { useWatch } from 'react-hook-form'
import { Check, Choice, Field, FormSection } from '@/components/form/fields'
import { StatusMark } from '@/components/ui/status'
import { onlyNonIdempotent } from '@/data/routeEdit'
import type { RetryForm } from '@/data/routeForm'

const CODES = [
  { value: 'default', label: '502, 503 and 504 (default)' },
  { value: 'listed', label: 'these statuses' },
] as const

interface Props {
  route: string
  /** The route lists statuses of gRPC, so that calls which ended with those are repeated in any case. */
  repeatsGrpc: boolean
}

export function PolicyFields({ route, repeatsGrpc }: Readonly<Props>) {
  const retry: RetryForm | undefined = useWatch({ name: 'rule.retry' })
  const matches: { method?: unknown }[] | undefined = useWatch({ name: 'rule.matches' })
  const unsafe = onlyNonIdempotent({ matches })
  const isNonIdempotent: unknown = useWatch({ name: 'nonIdempotent' })
  return (
    <>
      <FormSection title="Timeouts" note="Empty or 0s: none.">
        <div className="flex flex-wrap items-start gap-4">
          <Field
            name="rule.timeouts.request"
            label="Whole request, with retries"
            placeholder="none, e.g. 2s"
            className="w-52"
          />
          <Field name="rule.timeouts.backendRequest" label="Each try" placeholder="none, e.g. 500ms" className="w-52" />
        </div>
      </FormSection>
      <FormSection title="Retries" note="Connections that never carried a byte are tried again in any case.">
        <Check name="rule.retry.isOn">Ask again when a backend fails</Check>
        {retry?.isOn && (
          <div className="mt-3 flex flex-col gap-3">
            <div className="flex flex-wrap items-start gap-4">
              <Choice name="rule.retry.on" label="On" isLabelHidden={false} options={CODES} />
              {retry.on === 'listed' && (
                <Field
                  name="rule.retry.codes"
                  label="Statuses"
                  placeholder="none: only failed connections"
                  className="w-52"
                />
              )}
              <Field name="rule.retry.attempts" label="Repeats at most" placeholder="1" className="w-28" />
              <Field name="rule.retry.backoff" label="Wait before each" placeholder="0s" className="w-28" />
            </div>
            <Check name="nonIdempotent">Also POST and PATCH, for every rule of HTTPRoute {route}</Check>
            {isNonIdempotent !== true && !repeatsGrpc && unsafe.length > 0 && (
              <p className="flex max-w-[640px] gap-2.5">
                <StatusMark state="degraded" className="mt-1" />
                <span>
                  <span className="font-medium text-warn-text">Little is repeated like this:</span> this rule takes only{' '}
                  {unsafe.join(' and ')}, and of these only calls that carried nothing to an application are tried again
                  unless more is allowed here.
                </span>
              </p>
            )}
            {isNonIdempotent === true && (
              <p className="flex max-w-[640px] gap-2.5">
                <StatusMark state="degraded" className="mt-1" />
                <span>
                  <span className="font-medium text-warn-text">A repeated POST may happen twice.</span> A backend that
                  has answered 503 may have done the work all the same (RFC 9110, 9.2.2). Allow this only where a second
                  call changes nothing.
                </span>
              </p>
            )}
          </div>
        )}
      </FormSection>
    </>
  )
}
