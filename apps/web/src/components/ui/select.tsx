// One of a few values. Looks like the fields of a rule's sentence.
'use client'
import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import { cx } from '@/lib/classes'

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

export function Select<T extends string>({ label, value, options, onChange, disabled, className }: Readonly<Props<T>>) {
  return (
    <Base.Root
      items={options}
      value={value}
      disabled={disabled ?? false}
      onValueChange={(next) => {
        if (next !== null) onChange(next)
      }}
    >
      <Base.Trigger
        aria-label={label}
        className={cx(
          'inline-flex h-7 items-center gap-1.5 rounded-1 border border-control bg-raised px-2 font-normal text-13 text-ink hover:bg-hover-raised disabled:border-dashed disabled:text-ink-3 max-md:h-11 max-md:px-3 max-md:text-14',
          className,
        )}
      >
        <Base.Value />
        <Base.Icon>
          <ChevronDown size={13} aria-hidden className="text-ink-2" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-(--z-tooltip)">
          <Base.Popup className="max-h-80 min-w-(--anchor-width) overflow-y-auto rounded-3 bg-raised py-1.5 shadow-pop outline-none">
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                className="flex min-h-8 cursor-default items-center gap-2 px-3 text-13 outline-none data-highlighted:bg-hover-raised max-md:min-h-11"
              >
                <Base.ItemText>{option.label}</Base.ItemText>
                <Base.ItemIndicator className="ml-auto">
                  <Check size={13} aria-hidden />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
