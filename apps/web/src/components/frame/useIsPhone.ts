// Whether the screen is as narrow as a phone's. For what is another thing there, not merely laid out in another way: the
// rest is the style sheet's.
'use client'
import { useSyncExternalStore } from 'react'

/** Below the style sheet's `md`. */
const NARROW = '(width < 760px)'

/** null on the server and in the first render, which must agree. */
export function useIsPhone(): boolean | null {
  return useSyncExternalStore<boolean | null>(
    (changed) => {
      const media = matchMedia(NARROW)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => matchMedia(NARROW).matches,
    () => null,
  )
}
