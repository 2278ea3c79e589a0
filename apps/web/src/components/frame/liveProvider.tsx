// The one stream of a browser tab: upon a tick that brings something new, what is on screen is read again.
// Also the clock by which ages are told, so that all of them move together.
'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import type { StreamState } from '@/data/liveState'
import type { Tick } from '@/server/schemas/session'
import { useTRPC } from '@/trpc/client'

const LiveContext = createContext<StreamState>({ status: 'connecting', tick: null, tickAt: null })

/** Queries that a tick makes old; the rest (who am I) does not change by itself. */
const LIVE_ROUTERS = new Set(['services', 'traffic', 'access', 'changes', 'proxies'])

/** Between two stretches without a tick, in which numbers are read all the same. */
const FALLBACK_MS = 15_000

export function LiveProvider({ children }: Readonly<{ children: ReactNode }>) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [seen, setSeen] = useState<{ tick: Tick | null; at: number | null }>({ tick: null, at: null })
  const newest = useRef('')

  const refresh = () =>
    void queries.invalidateQueries({
      predicate: ({ queryKey: [path] }) => Array.isArray(path) && LIVE_ROUTERS.has(String(path[0])),
    })

  const stream = useSubscription(
    trpc.live.watch.subscriptionOptions(undefined, {
      onData: (tick) => {
        setSeen({ tick, at: Date.now() })
        const state = `${tick.revision}/${tick.dataAt}/${tick.control}/${JSON.stringify(tick.spreads)}`
        if (state === newest.current) return
        newest.current = state
        refresh()
      },
    }),
  )

  const refreshLatest = useRef(refresh)
  refreshLatest.current = refresh
  useEffect(() => {
    const timer = setInterval(() => refreshLatest.current(), FALLBACK_MS)
    return () => clearInterval(timer)
  }, [])

  const broken = stream.status === 'error' || (stream.status === 'connecting' && (seen.tick !== null || stream.error))
  const status = broken ? 'reconnecting' : stream.status === 'pending' ? 'open' : 'connecting'
  return <LiveContext value={{ status, tick: seen.tick, tickAt: seen.at }}>{children}</LiveContext>
}

export function useLive(): StreamState {
  return useContext(LiveContext)
}

/** Milliseconds since the epoch, moving each second; null on the server and in the first render, which must agree. */
export function useNow(): number | null {
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
