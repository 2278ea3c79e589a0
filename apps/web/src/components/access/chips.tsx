// A list inside a sentence: each entry can be taken out, and others added from a menu.
'use client'
import { Menu } from '@base-ui/react/menu'
import { Plus, X } from 'lucide-react'

interface Props {
  values: readonly string[]
  text: (value: string) => string
  /** What can be added, those in the list left out. */
  options: readonly string[]
  addLabel: string
  disabled: boolean
  onChange: (values: string[]) => void
}

const chipClass =
  'inline-flex h-7 items-center gap-1 rounded-1 border border-control bg-raised pl-2 text-13 max-md:h-11 max-md:pl-3 max-md:text-14'

export function Chips({ values, text, options, addLabel, disabled, onChange }: Readonly<Props>) {
  const left = options.filter((option) => !values.includes(option))
  return (
    <>
      {values.map((value) => (
        <span key={value} className={`${chipClass} ${disabled ? 'border-dashed pr-2 text-ink-3' : ''}`}>
          {text(value)}
          {!disabled && (
            <button
              type="button"
              aria-label={`Take out ${text(value)}`}
              onClick={() => onChange(values.filter((other) => other !== value))}
              className="grid h-full w-6 place-items-center text-ink-2 hover:text-ink focus-visible:outline-offset-[-3px] max-md:w-10"
            >
              <X size={12} aria-hidden />
            </button>
          )}
        </span>
      ))}
      {left.length > 0 && !disabled && (
        <Menu.Root>
          <Menu.Trigger className="inline-flex h-7 items-center gap-1 rounded-1 border border-control border-dashed px-2 text-13 text-ink-2 hover:bg-hover max-md:h-11 max-md:px-3">
            <Plus size={12} aria-hidden />
            {addLabel}
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner sideOffset={4} align="start" className="z-(--z-popover)">
              <Menu.Popup className="max-h-72 min-w-36 overflow-y-auto rounded-3 bg-raised py-1.5 shadow-pop outline-none">
                {left.map((option) => (
                  <Menu.Item
                    key={option}
                    onClick={() => onChange([...values, option])}
                    className="flex min-h-8 cursor-default items-center px-3 text-13 outline-none data-highlighted:bg-hover-raised max-md:min-h-11"
                  >
                    {text(option)}
                  </Menu.Item>
                ))}
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      )}
    </>
  )
}
