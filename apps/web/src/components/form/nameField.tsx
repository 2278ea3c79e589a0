// A field for the name of a service or of one of its versions: what exists is proposed, anything may be written, since a
// backend may come later.
'use client'
import { Autocomplete } from '@base-ui/react/autocomplete'
import { useId } from 'react'
import { cx } from '@/lib/classes'
import type { BackendName } from '@/server/schemas/routeEdits'
import { fieldClass } from './fieldClass'

interface Props {
  label: string
  value: string
  names: readonly BackendName[]
  error?: string | undefined
  placeholder?: string
  className?: string
  onChange: (name: string) => void
}

export function NameField({ label, value, names, error, placeholder, className, onChange }: Readonly<Props>) {
  const noteId = useId()
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <Autocomplete.Root
        items={names}
        itemToStringValue={({ name }: BackendName) => name}
        value={value}
        onValueChange={(next) => onChange(next)}
      >
        <Autocomplete.Input
          aria-label={label}
          placeholder={placeholder}
          spellCheck={false}
          autoCapitalize="off"
          aria-invalid={error !== undefined || undefined}
          aria-describedby={error !== undefined ? noteId : undefined}
          className={cx(fieldClass, error !== undefined && 'border-fail')}
        />
        <Autocomplete.Portal>
          <Autocomplete.Positioner sideOffset={4} className="z-(--z-tooltip)">
            <Autocomplete.Popup className="max-h-72 min-w-(--anchor-width) overflow-y-auto rounded-3 bg-raised py-1.5 shadow-pop outline-none data-empty:hidden">
              <Autocomplete.List>
                {(item: BackendName) => (
                  <Autocomplete.Item
                    key={item.name}
                    value={item}
                    className="flex min-h-8 cursor-default items-center gap-3 px-3 text-13 outline-none data-highlighted:bg-hover-raised max-md:min-h-11"
                  >
                    {item.name}
                    <span className="ml-auto text-12 text-ink-2">
                      {item.instances.ready} of {item.instances.all} ready
                    </span>
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
      {error !== undefined && (
        <p id={noteId} role="alert" className="text-12 text-fail-text">
          {error}
        </p>
      )}
    </div>
  )
}
