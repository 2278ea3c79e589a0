// What of gRPC is asked again: retries of a GRPCRoute, which hold for all of its rules.
'use client'
import { Controller, useWatch } from 'react-hook-form'
import { Check, Field, FormSection } from '@/components/form/fields'
import { messageAt } from '@/components/form/resolver'
import { Chips } from '@/components/ui/chips'
import { StatusMark } from '@/components/ui/status'
import {
  type GrpcRetryForm,
  grpcRetryInWords,
  grpcRetryMistakes,
  RETRIED_STATUSES,
  statusText,
} from '@/data/grpcRetryForm'

export function GrpcPolicyFields({ route }: Readonly<{ route: string }>) {
  const retry: GrpcRetryForm | undefined = useWatch({ name: 'grpcRetry' })
  const isNonIdempotent: unknown = useWatch({ name: 'nonIdempotent' })
  if (retry === undefined) return null
  const words = grpcRetryInWords(retry, isNonIdempotent === true)
  return (
    <FormSection title="Retries" note="Connections that never carried a byte are tried again in any case.">
      <Check name="grpcRetry.isOn">
        Ask again when a call ends with one of these statuses, before its first message
      </Check>
      {retry.isOn && (
        <div className="mt-3 flex flex-col gap-3">
          <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
            <Controller
              name="grpcRetry.statuses"
              render={({ field, fieldState }) => (
                <div className="flex min-w-0 flex-col gap-1">
                  <span aria-hidden className="text-12 text-ink-2">
                    On
                  </span>
                  {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a part of the form like its sections */}
                  <div role="group" aria-label="Statuses" className="flex min-h-8 flex-wrap items-center gap-2">
                    <Chips
                      values={field.value}
                      text={statusText}
                      options={RETRIED_STATUSES}
                      addLabel="status"
                      disabled={false}
                      onChange={field.onChange}
                    />
                  </div>
                  {fieldState.error !== undefined && (
                    <p role="alert" className="text-12 text-fail-text">
                      {messageAt(fieldState.error)}
                    </p>
                  )}
                </div>
              )}
            />
            <Field name="grpcRetry.attempts" label="Repeats at most" placeholder="1" className="w-28" />
          </div>
          <Check name="nonIdempotent">Also calls that ended without any answer</Check>
          {isNonIdempotent === true && (
            <p className="flex max-w-[640px] gap-2.5">
              <StatusMark state="degraded" className="mt-1" />
              <span>
                <span className="font-medium text-warn-text">A repeated call may happen twice.</span> A backend that was
                lost before it answered may have done the work all the same. Allow this only where a second call changes
                nothing.
              </span>
            </p>
          )}
        </div>
      )}
      <p className="mt-3 max-w-[640px] text-ink-2">
        {grpcRetryMistakes(retry).length === 0 &&
          `Every rule of GRPCRoute ${route}: ${words ?? 'no status is repeated'}. `}
        A call has the time that its caller gives it (<code className="font-mono text-12">grpc-timeout</code>).
      </p>
    </FormSection>
  )
}
