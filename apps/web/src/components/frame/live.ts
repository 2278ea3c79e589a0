// What the browser tab's stream has told last, outside React: for a context that moves with each tick React looks through
// the whole page for those who read it, and there may be ten thousand elements. Only who shows something else is drawn.
'use client'
import { useSyncExternalStore } from 'react'
import { isSame } from '../../data/isSame.ts'
import { type LiveState, liveState, type StreamState } from '../../data/liveState.ts'
import { meshNow, onSecond } from './clock.ts'

const NOTHING: StreamState = { status: 'connecting', tick: null, tickAt: null }
let stream = NOTHING
const listeners = new Set<() => void>()

/** What is not given stays. */
export function tellLive(news: Partial<StreamState>): void {
  stream = { ...stream, ...news }
  for (const tell of listeners) tell()
}

/** Of another session nothing is remembered. */
export function forgetLive(): void {
  tellLive(NOTHING)
}

function onNews(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** A part of what the stream told; whoever reads it is drawn anew when `read` gives another value. */
export function useLive<T>(read: (stream: StreamState) => T): T {
  return useSyncExternalStore(
    onNews,
    () => read(stream),
    () => read(NOTHING),
  )
}

/** The newest tick. */
export const tickOf = ({ tick }: StreamState) => tick

const wantingOf = ({ tick }: StreamState): number => tick?.proxiesWanting ?? 0

/** How many proxies want somebody. */
export const useProxiesWanting = (): number => useLive(wantingOf)

/** Time alone makes numbers stale. */
export function onNewsOrSecond(listener: () => void): () => void {
  const ends = [onNews(listener), onSecond(listener)]
  return () => {
    for (const end of ends) end()
  }
}

export const liveNow = (): LiveState => liveState(stream, meshNow())

/** Without the length of time in it, which each second changes. */
type Calm = Omit<LiveState, 'detail'>
let calm: Calm | null = null

function calmNow(): Calm {
  const { detail: _, ...now } = liveNow()
  if (calm === null || !isSame(calm, now)) calm = now
  return calm
}

/** How fresh the numbers are, but for their age; null on the server and in the first render, which must agree. */
export const useLiveState = (): Calm | null => useSyncExternalStore<Calm | null>(onNewsOrSecond, calmNow, () => null)
