// One of many names, found by typing: services, callers. What is not there yet can be named too, where that has a meaning.
'use client'
import { ChevronDown } from 'lucide-react'
import { type ReactNode, type Ref, useImperativeHandle, useRef } from 'react'
import { cx } from '@/lib/classes'
import { useLate } from './useLate'

export interface PickerProps {
  label: string
  /** null: none is chosen yet. */
  value: string | null
  /** What is picked goes to a list: the button keeps saying so. */
  adds?: boolean
  options: readonly string[]
  /** How an option reads. */
  text?: (option: string) => string
  /** Whether what was typed may be taken although it is no option. */
  mayName?: (typed: string) => boolean
  /** What stands on the button where there is no value. */
  children?: ReactNode
  disabled?: boolean
  className?: string
  onChange: (value: string) => void
}

/** What a picker can be told to do. */
export interface PickerHandle {
  focus: () => void
}

const loadList = () => import('./pickerList').then((module) => module.PickerList)
const fieldClass =
  'inline-flex h-7 max-w-60 items-center gap-1.5 rounded-1 border border-control bg-raised px-2 text-13 text-ink hover:bg-hover-raised disabled:border-dashed disabled:text-ink-3 max-md:h-11 max-md:px-3 max-md:text-14'

export function Picker({ ref, ...props }: Readonly<PickerProps & { ref?: Ref<PickerHandle> }>) {
  const { label, value, children, adds = false, text = (option) => option, disabled = false } = props
  const { Real, trigger, typedEarly, standIn } = useLate(loadList)
  const early = useRef<HTMLButtonElement>(null)
  useImperativeHandle(ref, () => ({ focus: () => (trigger.current ?? early.current)?.focus() }), [trigger])
  const className = cx(fieldClass, props.className)
  const said = (
    <>
      <span className="truncate">{value === null ? children : text(value)}</span>
      {!adds && <ChevronDown size={13} aria-hidden className="shrink-0 text-ink-2" />}
    </>
  )
  if (Real === null)
    return (
      <button
        {...standIn}
        ref={early}
        role="combobox"
        aria-expanded={false}
        aria-haspopup="dialog"
        aria-label={label}
        disabled={disabled}
        className={className}
      >
        {said}
      </button>
    )
  return (
    <Real {...props} className={className} trigger={trigger} typedEarly={typedEarly}>
      {said}
    </Real>
  )
}
