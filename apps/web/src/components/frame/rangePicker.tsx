// The one time range of the console, as its button says it.
'use client'
import { ChevronDown } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLate } from '@/components/ui/useLate'
import { clockTime, dayMonth, presetOf } from '@/data/timeRange'
import { type Zone, zoneName } from '@/data/zone'
import { useRange } from './useRange'
import { useZone } from './useZone'

const loadPopup = () => import('./rangePopup').then((module) => module.RangePopup)
const className =
  'flex h-7 items-center gap-2 whitespace-nowrap rounded-2 border border-line-strong bg-raised px-2.5 font-semibold hover:bg-hover-raised relative max-md:h-8 max-md:after:absolute max-md:after:-inset-y-1.5 max-md:after:inset-x-0'

export function RangePicker() {
  const { Real, trigger, standIn } = useLate(loadPopup)
  return Real === null ? (
    <button {...standIn} className={className}>
      <RangeLabel />
    </button>
  ) : (
    <Real className={className} trigger={trigger}>
      <RangeLabel />
    </Real>
  )
}

function RangeLabel() {
  const { preset: chosen, frozen } = useRange()
  const [zone] = useZone()
  const preset = presetOf(chosen)
  return (
    <>
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
    </>
  )
}

/** Known only in the browser: the server is elsewhere. */
function ZoneName({ zone, at }: Readonly<{ zone: Zone; at: number | undefined }>) {
  const [name, setName] = useState('UTC')
  useEffect(() => setName(zoneName(at ?? Date.now(), zone)), [at, zone])
  return <span className="font-normal text-ink-2 max-[480px]:sr-only">{name}</span>
}
