// The one time range of the console: presets stay live, fixed ends freeze the page; and the zone of all times.
'use client'
import { Popover } from '@base-ui/react/popover'
import { Check, ChevronDown } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copyButton'
import { Segmented } from '@/components/ui/segmented'
import { TextField } from '@/components/ui/textField'
import { clockTime, dayMonth, PRESETS, presetOf } from '@/data/timeRange'
import { type Zone, zoneName } from '@/data/zone'
import { parseTyped, typedTime } from '@/data/zonedInput'
import { useRange } from './useRange'
import { useZone } from './useZone'

export function RangePicker() {
  const range = useRange()
  const [open, setOpen] = useState(false)
  const [zone, chooseZone] = useZone()
  const { frozen } = range
  const preset = presetOf(range.preset)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="flex h-7 items-center gap-2 whitespace-nowrap rounded-2 border border-line-strong bg-raised px-2.5 font-semibold hover:bg-hover-raised relative max-md:h-8 max-md:after:absolute max-md:after:-inset-y-1.5 max-md:after:inset-x-0">
        <span className="sr-only">Time range: </span>
        {frozen === null ? (
          <>
            <span className="max-md:hidden">{preset.label}</span>
            <span className="md:hidden">{preset.short}</span>
          </>
        ) : (
          `${dayMonth(frozen.from, zone)}, ${clockTime(frozen.from, zone)} – ${clockTime(frozen.to, zone)}`
        )}
        <ZoneName zone={zone} at={frozen?.to} />
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
                key={`${open} ${zone}`}
                frozen={frozen}
                zone={zone}
                onChoose={(from, to) => {
                  range.freeze(from, to)
                  setOpen(false)
                }}
              />
            </div>
            <div className="flex items-center justify-between border-line border-t px-2 py-2">
              <CopyButton label="Copy link" text={typeof window === 'undefined' ? '' : window.location.href} />
              <Segmented
                label="Zone of the times"
                value={zone}
                segments={[
                  { value: 'utc', label: 'UTC' },
                  { value: 'local', label: 'Local' },
                ]}
                onChange={chooseZone}
              />
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** Known only in the browser: the server is elsewhere. */
function ZoneName({ zone, at }: Readonly<{ zone: Zone; at: number | undefined }>) {
  const [name, setName] = useState('UTC')
  useEffect(() => setName(zoneName(at ?? Date.now(), zone)), [at, zone])
  return <span className="font-normal text-ink-2 max-[480px]:sr-only">{name}</span>
}

interface FixedProps {
  frozen: { from: number; to: number } | null
  zone: Zone
  onChoose: (from: number, to: number) => void
}

function FixedEnds({ frozen, zone, onChoose }: Readonly<FixedProps>) {
  const [from, setFrom] = useState(() => typedTime(frozen?.from ?? Date.now() - 3_600_000, zone))
  const [to, setTo] = useState(() => typedTime(frozen?.to ?? Date.now(), zone))
  const [error, setError] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const start = parseTyped(from, zone)
    const end = parseTyped(to, zone)
    if (start === null || end === null) setError('Write a time as 2026-11-18 13:32.')
    else if (end - start < 60_000) setError('The range must be at least a minute long.')
    else onChoose(start, end)
  }
  const name = zoneName(frozen?.to ?? Date.now(), zone)
  return (
    <form onSubmit={submit} className="flex flex-1 flex-col gap-3 p-3">
      <TextField
        label={`From, ${name}`}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        className="[&_input]:font-mono [&_input]:text-12"
      />
      <TextField
        label={`To, ${name}`}
        value={to}
        onChange={(event) => setTo(event.target.value)}
        error={error}
        className="[&_input]:font-mono [&_input]:text-12"
      />
      <Button type="submit">Freeze this range</Button>
    </form>
  )
}
