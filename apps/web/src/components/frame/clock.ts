// The mesh's clock as the pages tell time by it: one timer moves all that is shown together, and whoever shows only a day
// is not drawn anew for a second.
'use client'
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'

/** Milliseconds that the mesh's clock is ahead of this browser's. */
export const OffsetContext = createContext(0)

const SECOND_MS = 1_000
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const tell of listeners) tell()
  }, SECOND_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/**
 * Milliseconds since the epoch by the mesh's clock, in whole steps of `stepMs`; null on the server and in the first
 * render, which must agree.
 */
export function useNow(stepMs = SECOND_MS): number | null {
  const offsetMs = useContext(OffsetContext)
  return useSyncExternalStore<number | null>(
    subscribe,
    () => Math.floor((Date.now() + offsetMs) / stepMs) * stepMs,
    () => null,
  )
}

/** Tells the same time when it is asked, for what is done and not shown. */
export function useClock(): () => number {
  const offsetMs = useContext(OffsetContext)
  return useCallback(() => Date.now() + offsetMs, [offsetMs])
}
