// A few views of one list, one of them chosen; each with its count.
'use client'
import type { ReactNode } from 'react'

interface Segment<T extends string> {
  value: T
  label: ReactNode
  count?: number | undefined
}
interface Props<T extends string> {
  label: string
  value: T
  segments: readonly Segment<T>[]
  onChange: (value: T) => void
}

export function Segmented<T extends string>({ label, value, segments, onChange }: Readonly<Props<T>>) {
  return (
    <fieldset
      aria-label={label}
      className="flex h-7 divide-x divide-line-strong overflow-clip rounded-2 border border-line-strong max-md:h-11"
    >
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          aria-pressed={segment.value === value}
          onClick={() => onChange(segment.value)}
          className="-outline-offset-2 flex items-center gap-1.5 whitespace-nowrap bg-raised px-2.5 font-medium text-13 text-ink-2 hover:bg-hover-raised focus-visible:outline-offset-[-2px] aria-pressed:bg-press aria-pressed:text-ink"
        >
          {segment.label}
          {segment.count !== undefined && (
            <span className="font-normal text-ink-3 in-aria-pressed:text-ink-2">{segment.count}</span>
          )}
        </button>
      ))}
    </fieldset>
  )
}
