// The filter above a list; "/" puts the cursor into it unless single keys are turned off, Escape empties it.
'use client'
import { ListFilter } from 'lucide-react'
import { useEffect, useRef } from 'react'

interface Props {
  label: string
  value: string
  onChange: (value: string) => void
}

export function FilterField({ label, value, onChange }: Readonly<Props>) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const target = event.target
      const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
      const isOff = document.documentElement.dataset.shortcuts === 'off'
      if (
        event.key !== '/' ||
        event.defaultPrevented ||
        isOff ||
        isTyping ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
      )
        return
      event.preventDefault()
      field.current?.focus()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [])
  return (
    <div className="relative w-[270px] max-md:w-auto max-md:flex-[1_1_180px]">
      <ListFilter size={14} aria-hidden className="-translate-y-1/2 absolute top-1/2 left-2.5 text-ink-2" />
      <input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onChange('')}
        className="h-7 w-full rounded-2 border border-control bg-raised pr-8 pl-8 text-13 max-md:h-11 max-md:text-16"
      />
      {value === '' && (
        <kbd
          aria-hidden
          className="-translate-y-1/2 absolute top-1/2 right-2 rounded-1 border border-line-strong px-1.5 text-12 text-ink-2 in-data-[shortcuts=off]:hidden max-md:hidden"
        >
          /
        </kbd>
      )}
    </div>
  )
}
