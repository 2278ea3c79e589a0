// How fresh the numbers are, in a word with a shape; and the sentence across the page when they are not.
'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { useLayoutEffect, useRef } from 'react'
import { StatusMark, type StatusShape } from '@/components/ui/status'
import type { LiveState } from '@/data/liveState'
import { clockTime } from '@/data/timeRange'
import { zoneName } from '@/data/zone'
import { routes } from '@/lib/routes'
import { onSecond } from './clock'
import { liveNow, useLiveState } from './live'
import { useRange } from './useRange'
import { useZone } from './useZone'

const SHAPE: Record<LiveState['kind'], StatusShape> = {
  connecting: 'reconnecting',
  live: 'healthy',
  stale: 'degraded',
  partial: 'degraded',
  reconnecting: 'reconnecting',
  no_control: 'failing',
  no_database: 'failing',
  signed_out: 'failing',
}
const TONE: Record<LiveState['kind'], string> = {
  connecting: 'text-ink-2',
  live: 'text-ink-2',
  stale: 'font-medium text-warn-text',
  partial: 'font-medium text-warn-text',
  reconnecting: 'text-ink-2',
  no_control: 'font-medium text-fail-text',
  no_database: 'font-medium text-fail-text',
  signed_out: 'font-medium text-fail-text',
}

export function LiveBadge() {
  const { frozen } = useRange()
  return frozen === null ? <Age /> : <Frozen {...frozen} />
}

function Frozen({ from, to }: Readonly<{ from: number; to: number }>) {
  const [zone] = useZone()
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap text-ink-2">
      <StatusMark state="idle" />
      <span role="status">frozen</span>
      <span className="max-lg:hidden">
        {clockTime(from, zone)} to {clockTime(to, zone)} {zoneName(to, zone)}
      </span>
    </span>
  )
}

function Age() {
  const state = useLiveState()
  if (state === null) return null
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <StatusMark state={SHAPE[state.kind]} />
      <span role="status" className={TONE[state.kind]}>
        {state.word}
      </span>
      <Detail key={state.kind} />
    </span>
  )
}

/**
 * Another text each second: it is written past React, which would go through the frame for it. News wait for that second,
 * too: the page is laid out once less.
 */
function Detail() {
  const place = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const write = () => {
      const { detail } = liveNow()
      if (place.current !== null && place.current.textContent !== detail) place.current.textContent = detail
    }
    write()
    return onSecond(write)
  }, [])
  return <span ref={place} className="text-ink-2 max-md:hidden" />
}

const BANNER_TONE: Partial<Record<LiveState['kind'], string>> = {
  stale: 'border-warn-line bg-warn-tint',
  partial: 'border-warn-line bg-warn-tint',
  no_control: 'border-fail-line bg-fail-tint',
  no_database: 'border-fail-line bg-fail-tint',
  signed_out: 'border-fail-line bg-fail-tint',
}

/** Says aloud what is wrong with what one sees. Nothing where all is well. */
export function LiveBanner() {
  const state = useLiveState()
  return state?.banner == null ? null : <Banner kind={state.kind} {...state.banner} />
}

function Banner({ kind, strong, rest }: Readonly<Pick<LiveState, 'kind'> & NonNullable<LiveState['banner']>>) {
  const path = usePathname()
  const query = useSearchParams().toString()
  const { frozen } = useRange()
  if (frozen !== null && kind !== 'signed_out') return null
  // A full load, as every sign-in: nothing of the ended session stays in memory.
  const signIn = `${routes.signIn}?next=${encodeURIComponent(query === '' ? path : `${path}?${query}`)}`
  return (
    <div
      role="status"
      className={`flex items-start gap-3 border-b px-6 py-2.5 max-md:px-4 ${BANNER_TONE[kind] ?? 'border-line bg-well'}`}
    >
      <StatusMark state={SHAPE[kind]} className="mt-1" />
      <p>
        <span className="font-medium">{strong}</span> <span className="text-ink-2">{rest}</span>
        {kind === 'signed_out' && (
          <>
            {' '}
            <a href={signIn} className="font-medium underline">
              Sign in
            </a>
          </>
        )}
      </p>
    </div>
  )
}
