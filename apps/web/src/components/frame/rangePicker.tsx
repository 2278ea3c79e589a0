// The one time range of the console: presets stay live, fixed ends (in UTC) freeze the page.
'use client'
import { Popover } from '@base-ui/react/popover'
import { Check, ChevronDown } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copyButton'
import { TextField } from '@/components/ui/textField'
import { clockTime, dayMonth, PRESETS, presetOf } from '@/data/timeRange'
import { parseUtc, utcText } from '@/data/utcInput'
import { useRange } from './useRange'

export function RangePicker() {
  const range = useRange()
  const [open, setOpen] = useState(false)
  const { frozen } = range
  const preset = presetOf(range.preset)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="flex h-7 items-center gap-2 rounded-2 border border-line-strong bg-raised px-2.5 font-semibold hover:bg-hover-raised relative max-md:h-8 max-md:after:absolute max-md:after:-inset-y-1.5 max-md:after:inset-x-0">
        <span className="sr-only">Time range: </span>
        {frozen === null ? (
          <>
            <span className="max-md:hidden">{preset.label}</span>
            <span className="md:hidden">{preset.short}</span>
          </>
        ) : (
          `${dayMonth(frozen.from)}, ${clockTime(frozen.from)} – ${clockTime(frozen.to)}`
        )}
        <span className="font-normal text-ink-2">UTC</span>
        <ChevronDown size={13} aria-hidden className="text-ink-2" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className="z-(--z-popover)">
          <Popover.Popup
            aria-label="Time range"
            className="w-[360px] max-w-[calc(100vw-24px)] rounded-3 bg-raised shadow-pop outline-none"
          >
            <div className="flex">
              <div className="w-36 border-line border-r py-2">
                {PRESETS.map(({ id, label }) => (
                  <button
                    key={id}
                    type="button"
                    aria-pressed={frozen === null && range.preset === id}
                    onClick={() => {
                      range.choosePreset(id)
                      setOpen(false)
                    }}
                    className="flex h-8 w-full items-center px-3 text-left hover:bg-hover-raised focus-visible:outline-offset-[-2px] aria-pressed:bg-press max-md:h-11"
                  >
                    {label}
                    {frozen === null && range.preset === id && <Check size={13} aria-hidden className="ml-auto" />}
                  </button>
                ))}
              </div>
              <FixedEnds
                key={String(open)}
                frozen={frozen}
                onChoose={(from, to) => {
                  range.freeze(from, to)
                  setOpen(false)
                }}
              />
            </div>
            <div className="border-line border-t px-2 py-2">
              <CopyButton label="Copy link" text={typeof window === 'undefined' ? '' : window.location.href} />
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

interface FixedProps {
  frozen: { from: number; to: number } | null
  onChoose: (from: number, to: number) => void
}

function FixedEnds({ frozen, onChoose }: Readonly<FixedProps>) {
  const [from, setFrom] = useState(() => utcText(frozen?.from ?? Date.now() - 3_600_000))
  const [to, setTo] = useState(() => utcText(frozen?.to ?? Date.now()))
  const [error, setError] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const start = parseUtc(from)
    const end = parseUtc(to)
    if (start === null || end === null) setError('Write a time as 2026-11-18 13:32.')
    else if (end - start < 60_000) setError('The range must be at least a minute long.')
    else onChoose(start, end)
  }
  return (
    <form onSubmit={submit} className="flex flex-1 flex-col gap-3 p-3">
      <TextField
        label="From, UTC"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        className="[&_input]:font-mono [&_input]:text-12"
      />
      <TextField
        label="To, UTC"
        value={to}
        onChange={(event) => setTo(event.target.value)}
        error={error}
        className="[&_input]:font-mono [&_input]:text-12"
      />
      <Button type="submit">Freeze this range</Button>
    </form>
  )
}
