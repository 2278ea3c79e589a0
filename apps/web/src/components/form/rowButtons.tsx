// The two buttons of every list of rows in a form: one more, and this one away.
'use client'
import { Plus, X } from 'lucide-react'

export function AddRow({ label, onAdd }: Readonly<{ label: string; onAdd: () => void }>) {
  return (
    <button
      type="button"
      onClick={onAdd}
      className="inline-flex h-7 items-center gap-1 rounded-1 border border-control border-dashed px-2 text-13 text-ink-2 hover:bg-hover max-md:h-11 max-md:px-3"
    >
      <Plus size={12} aria-hidden />
      {label}
    </button>
  )
}

export function RemoveRow({ label, onRemove }: Readonly<{ label: string; onRemove: () => void }>) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onRemove}
      className="grid size-8 shrink-0 place-items-center rounded-2 text-ink-2 hover:bg-hover max-md:size-11"
    >
      <X size={14} aria-hidden />
    </button>
  )
}
