// What numbers cover where something is younger than the range that is shown.
'use client'
import { useNow } from '@/components/frame/clock'
import { NBSP } from '@/data/numbers'
import { roughLength } from '@/data/timeRange'

/** In steps so long that a row is seldom drawn for it. */
const STEP_MS = 10_000

function useAge(since: number): string | null {
  const now = useNow(STEP_MS)
  return now === null ? null : roughLength(now - since).replaceAll(' ', NBSP)
}

/** "joined 3 min ago": its numbers are of that time. */
export function Joined({ at }: Readonly<{ at: number }>) {
  const age = useAge(at)
  return age === null ? null : <>joined {age} ago</>
}

/** "last 3 min". */
export function LastSince({ at }: Readonly<{ at: number }>) {
  const age = useAge(at)
  return age === null ? null : <>last {age}</>
}
