// Says when something was, in the zone that the reader chose.
'use client'
import { useCallback } from 'react'
import { momentText } from '@/data/timeRange'
import { useNow } from './clock'
import { useZone } from './useZone'

/** What it says changes with the day alone, and days begin at a quarter of an hour in every zone. */
export const QUARTER_MS = 15 * 60_000

/** "14:05 UTC" of today, "17 Nov, 18:30 UTC" else; empty before the browser knows the time. */
export function useMoment(): (at: number) => string {
  const now = useNow(QUARTER_MS)
  const [zone] = useZone()
  return useCallback((at) => (now === null ? '' : momentText(at, now, zone)), [now, zone])
}
