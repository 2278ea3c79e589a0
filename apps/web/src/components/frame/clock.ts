// The mesh's clock as the pages tell time by it: one timer moves all that is shown together, and whoever shows only a day
// is not drawn anew for a second.
'use client'
import { useCallback, useSyncExternalStore } from 'react'

/** Milliseconds that the mesh's clock is ahead of this browser's. No context: a better guess is no reason to draw a page. */
let offsetMs = 0

export function setClockOffset(ms: number): void {
  offsetMs = ms
}

/** Milliseconds since the epoch by the mesh's clock, for what is done and not shown. */
export const meshNow = (): number => Date.now() + offsetMs

const SECOND_MS = 1_000
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** Tells once a second, all who listen in the same moment. Returns what ends it. */
export function onSecond(listener: () => void): () => void {
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
  const read = useCallback(() => Math.floor(meshNow() / stepMs) * stepMs, [stepMs])
  return useSyncExternalStore<number | null>(onSecond, read, () => null)
}
