// Says when something was, in the zone that the reader chose.
'use client'
import { momentText } from '@/data/timeRange'
import { useNow } from './liveProvider'
import { useZone } from './useZone'

/** "14:05 UTC" of today, "17 Nov, 18:30 UTC" else; empty before the browser knows the time. */
export function useMoment(): (at: number) => string {
  const now = useNow()
  const [zone] = useZone()
  return (at) => (now === null ? '' : momentText(at, now, zone))
}
