// A list inside a sentence: each entry can be taken out, and others added by finding them.
'use client'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Picker } from './picker'

interface Props {
  values: readonly string[]
  text: (value: string) => string
  /** What can be added, those in the list left out. */
  options: readonly string[]
  addLabel: string
  disabled: boolean
  mayName?: (typed: string) => boolean
  onChange: (values: string[]) => void
}

/** A rule can name hundreds of callers: the sentence stays one. */
const MOST_SHOWN = 12

const chipClass =
  'inline-flex h-7 max-w-60 items-center gap-1 rounded-1 border border-control bg-raised pl-2 text-13 max-md:h-11 max-md:pl-3 max-md:text-14'

export function Chips({ values, text, options, addLabel, disabled, mayName, onChange }: Readonly<Props>) {
  const [showsAll, setShowsAll] = useState(false)
  const left = options.filter((option) => !values.includes(option))
  const shown = showsAll ? values : values.slice(0, MOST_SHOWN)
  return (
    <>
      {shown.map((value) => (
        <span key={value} className={`${chipClass} ${disabled ? 'border-dashed pr-2 text-ink-3' : ''}`}>
          <span className="truncate">{text(value)}</span>
          {!disabled && (
            <button
              type="button"
              aria-label={`Take out ${text(value)}`}
              onClick={() => onChange(values.filter((other) => other !== value))}
              className="grid h-full w-6 shrink-0 place-items-center text-ink-2 hover:text-ink focus-visible:outline-offset-[-3px] max-md:w-10"
            >
              <X size={12} aria-hidden />
            </button>
          )}
        </span>
      ))}
      {shown.length < values.length && (
        <button
          type="button"
          onClick={() => setShowsAll(true)}
          className="h-7 px-1 font-medium text-13 text-accent-text hover:underline max-md:h-11"
        >
          and {values.length - shown.length} more
        </button>
      )}
      {!disabled && (left.length > 0 || mayName !== undefined) && (
        <Picker
          label={`Add ${addLabel}`}
          value={null}
          adds
          options={left}
          text={text}
          {...(mayName !== undefined && { mayName })}
          className="border-dashed bg-transparent text-ink-2"
          onChange={(option) => onChange([...values, option])}
        >
          <span className="inline-flex items-center gap-1">
            <Plus size={12} aria-hidden />
            {addLabel}
          </span>
        </Picker>
      )}
    </>
  )
}
