// Fields of a form that is described by a schema: each with its label and what is wrong with it.
'use client'
import { type ReactNode, useId } from 'react'
import { Controller, get, useFormContext } from 'react-hook-form'
import { type Option, Select } from '@/components/ui/select'
import { cx } from '@/lib/classes'
import { fieldClass } from './fieldClass'
import { messageAt } from './resolver'

interface FieldProps {
  /** Path in the form: "rule.matches.0.path.value". */
  name: string
  label: string
  /** Hidden labels are still read to those who cannot see. */
  isLabelHidden?: boolean
  placeholder?: string
  hint?: ReactNode
  unit?: string
  isMono?: boolean
  disabled?: boolean
  className?: string
}

export function Field({
  name,
  label,
  isLabelHidden = false,
  placeholder,
  hint,
  unit,
  isMono = false,
  disabled,
  className,
}: Readonly<FieldProps>) {
  const id = useId()
  const noteId = useId()
  const { register, formState } = useFormContext()
  const error = messageAt(get(formState.errors, name))
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'text-12 text-ink-2'}>
        {label}
      </label>
      <div className="flex items-center gap-1.5">
        <input
          id={id}
          type="text"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={placeholder}
          disabled={disabled}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={error !== undefined || hint !== undefined ? noteId : undefined}
          className={cx(fieldClass, isMono && 'font-mono text-12', error !== undefined && 'border-fail')}
          {...register(name)}
        />
        {unit !== undefined && <span className="whitespace-nowrap text-ink-3">{unit}</span>}
      </div>
      <Note id={noteId} error={error} hint={hint} />
    </div>
  )
}

function Note({ id, error, hint }: Readonly<{ id: string; error: string | undefined; hint: ReactNode }>) {
  if (error !== undefined)
    return (
      <p id={id} role="alert" className="text-12 text-fail-text">
        {error}
      </p>
    )
  return hint === undefined ? null : (
    <p id={id} className="text-12 text-ink-2">
      {hint}
    </p>
  )
}

/** What is wrong with a whole group of fields, e.g. two filters that exclude each other. */
export function GroupMistake({ name }: Readonly<{ name: string }>) {
  const { formState } = useFormContext()
  const error: unknown = get(formState.errors, `${name}.root`)
  const message = messageAt(error)
  return message === undefined ? null : (
    <p role="alert" className="mt-1.5 text-12 text-fail-text">
      {message}
    </p>
  )
}

interface ChoiceProps<T extends string> {
  name: string
  label: string
  isLabelHidden?: boolean
  options: readonly Option<T>[]
  disabled?: boolean
  onPicked?: (value: T) => void
  className?: string
}

export function Choice<T extends string>({
  name,
  label,
  isLabelHidden = true,
  options,
  disabled,
  onPicked,
  className,
}: Readonly<ChoiceProps<T>>) {
  return (
    <Controller
      name={name}
      render={({ field, fieldState }) => (
        <div className="flex flex-col gap-1">
          {!isLabelHidden && (
            <span aria-hidden className="text-12 text-ink-2">
              {label}
            </span>
          )}
          <Select
            label={label}
            value={field.value as T}
            options={options}
            disabled={disabled ?? false}
            onChange={(value) => {
              field.onChange(value)
              onPicked?.(value)
            }}
            className={cx('h-8 rounded-2', className)}
          />
          <Note id="" error={messageAt(fieldState.error)} hint={undefined} />
        </div>
      )}
    />
  )
}

export function Check({ name, children }: Readonly<{ name: string; children: ReactNode }>) {
  const { register } = useFormContext()
  return (
    <label className="inline-flex items-start gap-2 max-md:min-h-11 max-md:items-center">
      <input type="checkbox" className="mt-[3px] size-3.5 accent-accent max-md:size-5" {...register(name)} />
      <span>{children}</span>
    </label>
  )
}

/** A part of a form: its name at the left, what it holds at the right. */
export function FormSection({
  title,
  note,
  children,
}: Readonly<{ title: string; note?: ReactNode; children: ReactNode }>) {
  return (
    <fieldset className="grid grid-cols-[180px_minmax(0,1fr)] gap-x-6 gap-y-2 border-line border-t py-4 max-lg:grid-cols-1">
      <legend className="sr-only">{title}</legend>
      <div>
        <p aria-hidden className="font-medium">
          {title}
        </p>
        {note !== undefined && <p className="mt-0.5 text-12 text-ink-2">{note}</p>}
      </div>
      <div className="min-w-0">{children}</div>
    </fieldset>
  )
}
