// A labelled text field with its hint and its error below.
'use client'
import { type ComponentProps, type ReactNode, useId } from 'react'
import { cx } from '@/lib/classes'

export const inputClass =
  'h-8 rounded-2 border border-control bg-raised px-2.5 text-13 text-ink focus-visible:outline-offset-1 max-md:h-11 max-md:text-16'

type Props = Omit<ComponentProps<'input'>, 'id'> & {
  label: ReactNode
  hint?: ReactNode
  error?: string | null | undefined
}

export function TextField({ label, hint, error, className, ...rest }: Props) {
  const id = useId()
  const noteId = useId()
  return (
    <div className={cx('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="font-medium text-13">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? noteId : undefined}
        className={cx(inputClass, 'h-9 w-full', error && 'border-fail')}
        {...rest}
      />
      {(error || hint) && (
        <div
          id={noteId}
          role={error ? 'alert' : undefined}
          className={cx('text-12', error ? 'text-fail-text' : 'text-ink-3')}
        >
          {error || hint}
        </div>
      )}
    </div>
  )
}
