// The list of a select, and its button once it is there.
'use client'
import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import type { Option } from './select'
import type { LateProps } from './useLate'

interface Props extends LateProps {
  label: string
  value: string
  options: readonly Option<string>[]
  onChange: (value: string) => void
  disabled: boolean
  className: string
}

export function SelectList({ label, value, options, onChange, disabled, className, trigger }: Readonly<Props>) {
  return (
    <Base.Root
      items={options}
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange(next)
      }}
    >
      <Base.Trigger ref={trigger} aria-label={label} className={className}>
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
