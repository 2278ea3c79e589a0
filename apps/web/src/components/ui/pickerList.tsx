// The list of a picker, and its button once it is there.
'use client'
import { Combobox } from '@base-ui/react/combobox'
import { type KeyboardEvent, useState } from 'react'
import type { PickerProps } from './picker'
import { isText, type TypedLateProps } from './useLate'

/** A list of more is not looked through: one types. */
const MOST_LISTED = 50

export function PickerList({
  label,
  value,
  options,
  text = (option) => option,
  mayName,
  children,
  trigger,
  typedEarly,
  ...rest
}: Readonly<PickerProps & TypedLateProps>) {
  const [isOpen, setIsOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const isNew = typed !== '' && !options.includes(typed) && (mayName?.(typed) ?? false)
  const wanted = typed.toLowerCase()
  const found = options.filter((option) => text(option).toLowerCase().includes(wanted)).slice(0, MOST_LISTED)
  const items = isNew ? [...found, typed] : found
  // The button keeps the focus until the field is drawn, and what is typed by then is meant for the field. Left to
  // itself a closed button would choose what begins with it, and an open one would forget it.
  const keepForField = (event: KeyboardEvent & { preventBaseUIHandler: () => void }) => {
    if (event.key === ' ' || !isText(event)) return
    event.preventDefault()
    event.preventBaseUIHandler()
    setTyped((before) => before + event.key)
    setIsOpen(true)
  }
  return (
    <Combobox.Root
      items={items}
      filter={null}
      value={value}
      disabled={rest.disabled ?? false}
      autoHighlight
      itemToStringLabel={text}
      inputValue={typed}
      onInputValueChange={(next) => setTyped(next)}
      open={isOpen}
      onOpenChange={(opens) => {
        setIsOpen(opens)
        setTyped(opens ? typedEarly.current : '')
        typedEarly.current = ''
      }}
      onValueChange={(next) => {
        if (next !== null) rest.onChange(next)
      }}
    >
      <Combobox.Trigger ref={trigger} aria-label={label} className={rest.className} onKeyDown={keepForField}>
        {children}
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} align="start" className="z-(--z-tooltip)">
          <Combobox.Popup aria-label={label} className="w-64 rounded-3 bg-raised p-1.5 shadow-pop outline-none">
            <Combobox.Input
              aria-label={`Find: ${label}`}
              placeholder="Type to find"
              className="mb-1 h-8 w-full rounded-2 border border-control bg-raised px-2.5 text-13 max-md:h-11 max-md:text-16"
            />
            <Combobox.Empty className="px-2 text-12 text-ink-2">
              {items.length === 0 ? 'Nothing has this name.' : ''}
            </Combobox.Empty>
            <Combobox.List className="max-h-64 overflow-y-auto">
              {(option: string) => (
                <Combobox.Item
                  key={option}
                  value={option}
                  className="flex min-h-8 cursor-default items-center rounded-1 px-2 text-13 outline-none data-highlighted:bg-hover-raised max-md:min-h-11"
                >
                  <span className="truncate">{text(option)}</span>
                  {isNew && option === typed && <span className="ml-auto pl-2 text-12 text-ink-2">not there yet</span>}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
