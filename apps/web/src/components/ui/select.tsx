// One of a few values. Looks like the fields of a rule's sentence.
'use client'
import { ChevronDown } from 'lucide-react'
import { cx } from '@/lib/classes'
import { useLate } from './useLate'

export interface Option<T extends string> {
  value: T
  label: string
}

interface Props<T extends string> {
  label: string
  value: T
  options: readonly Option<T>[]
  onChange: (value: T) => void
  disabled?: boolean
  className?: string
}

const loadList = () => import('./selectList').then((module) => module.SelectList)
const buttonClass =
  'inline-flex h-7 items-center gap-1.5 rounded-1 border border-control bg-raised px-2 font-normal text-13 text-ink hover:bg-hover-raised disabled:border-dashed disabled:text-ink-3 max-md:h-11 max-md:px-3 max-md:text-14'

export function Select<T extends string>({
  label,
  value,
  options,
  onChange,
  disabled = false,
  className,
}: Readonly<Props<T>>) {
  const { Real, trigger, standIn } = useLate(loadList)
  const look = cx(buttonClass, className)
  if (Real === null)
    return (
      <button
        {...standIn}
        role="combobox"
        aria-expanded={false}
        aria-haspopup="listbox"
        aria-label={label}
        disabled={disabled}
        className={look}
      >
        {options.find((option) => option.value === value)?.label}
        <ChevronDown size={13} aria-hidden className="text-ink-2" />
      </button>
    )
  return (
    <Real
      label={label}
      value={value}
      options={options}
      onChange={(next) => {
        const chosen = options.find((option) => option.value === next)
        if (chosen !== undefined) onChange(chosen.value)
      }}
      disabled={disabled}
      className={look}
      trigger={trigger}
    />
  )
}
