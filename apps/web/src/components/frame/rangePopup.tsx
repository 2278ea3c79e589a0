// Where the time range is chosen: presets stay live, fixed ends freeze the page; and the zone of all times.
'use client'
import { Popover } from '@base-ui/react/popover'
import { Check } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copyButton'
import { Segmented } from '@/components/ui/segmented'
import { TextField } from '@/components/ui/textField'
import type { LateProps } from '@/components/ui/useLate'
import { PRESETS } from '@/data/timeRange'
import { type Zone, zoneName } from '@/data/zone'
import { parseTyped, typedTime } from '@/data/zonedInput'
import { useRange } from './useRange'
import { useZone } from './useZone'

interface Props extends LateProps {
  /** What the button says. */
  children: ReactNode
  className: string
}

export function RangePopup({ children, className, trigger }: Readonly<Props>) {
  const range = useRange()
  const [open, setOpen] = useState(false)
  const [zone, chooseZone] = useZone()
  const { frozen } = range
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger ref={trigger} className={className}>
        {children}
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
