// The one stream of a browser tab: upon a tick that brings something new, what is on screen is read again.
'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { describeFailure } from '@/data/failure'
import { clockOffset } from '@/data/liveState'
import { useTRPC } from '@/trpc/client'
import { setClockOffset } from './clock'
import { forgetLive, tellLive } from './live'
import { useReopening } from './useReopening'

/** Queries that a tick makes old; the rest (who am I) does not change by itself. */
const LIVE_ROUTERS = new Set(['services', 'map', 'route', 'charts', 'traffic', 'access', 'changes'])
/** What says nothing of calls is read again only where what it says may have moved, or once a minute. */
const STANDING_READS = new Set(['proxies.list', 'traffic.names', 'access.rules'])
const saysNothingOfCalls = (path: readonly unknown[]): boolean => STANDING_READS.has(path.join('.'))
const CALM_OLD_MS = 60_000

/** Reads with a pace of their own; and a preview is about a day, which five seconds change nothing of. */
const SLOW_READS = new Set(['watch', 'preview'])

/** So long after the last reading all is read: nobody has told what moved. */
const FALLBACK_MS = 15_000

/** While the stream is refused: why. */
const ASK_AGAIN_MS = 5_000

const CONNECTION = { error: 'refused', connecting: 'lost', pending: 'open', idle: 'left' } as const

export function LiveProvider({ children }: Readonly<{ children: ReactNode }>) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [hasTicked, setHasTicked] = useState(false)
  /** Milliseconds that the mesh's clock is ahead of this browser's; null before the first tick. */
  const offset = useRef<number | null>(null)
  const newest = useRef({ numbers: '', proxies: '' })

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const refresh = useCallback(
    (haveProxiesMoved = false) => {
      clearTimeout(timer.current)
      timer.current = setTimeout(() => refresh(true), FALLBACK_MS)
      const oldAt = Date.now() - CALM_OLD_MS
      void queries.invalidateQueries({
        predicate: ({ queryKey: [path], state }) => {
          if (!Array.isArray(path) || SLOW_READS.has(String(path[1]))) return false
          if (saysNothingOfCalls(path)) return haveProxiesMoved || state.dataUpdatedAt < oldAt
          return LIVE_ROUTERS.has(String(path[0]))
        },
        // What nobody looks at is read once it is looked at.
        refetchType: document.hidden ? 'none' : 'active',
      })
    },
    [queries],
  )
  useEffect(() => {
    timer.current = setTimeout(() => refresh(true), FALLBACK_MS)
    return () => clearTimeout(timer.current)
  }, [refresh])

  const stream = useSubscription(
    trpc.live.watch.subscriptionOptions(undefined, {
      onData: (tick) => {
        const at = Date.now()
        offset.current = clockOffset(offset.current, tick.now, at)
        const aheadMs = offset.current ?? 0
        setClockOffset(aheadMs)
        tellLive({ tick, tickAt: at + aheadMs })
        setHasTicked(true)
        const before = newest.current
        const mesh = `${tick.revision}/${tick.control}/${tick.databaseAnswers}/${JSON.stringify(tick.spreads)}`
        newest.current = { numbers: `${tick.shownTo}/${mesh}`, proxies: `${tick.proxiesGeneration}/${mesh}` }
        const haveProxiesMoved = newest.current.proxies !== before.proxies
        if (haveProxiesMoved || newest.current.numbers !== before.numbers) refresh(haveProxiesMoved)
      },
    }),
  )

  const isBroken = stream.status === 'error' || (stream.status === 'connecting' && (hasTicked || stream.error !== null))
  const isSignedOut = stream.error !== null && describeFailure(stream.error).code === 'unauthorized'
  useReopening(isSignedOut ? 'left' : CONNECTION[stream.status], stream.reset)
  // A refused connection tells no reason to a page: whether it was the session or the database is asked.
  const isAsked = isBroken && !isSignedOut
  const me = useQuery(trpc.session.me.queryOptions(undefined, { refetchInterval: isAsked ? ASK_AGAIN_MS : false }))
  useEffect(() => {
    if (isAsked) void queries.invalidateQueries({ queryKey: trpc.session.me.queryKey() })
  }, [isAsked, queries, trpc])
  const isDatabaseAway = isAsked && me.isError && describeFailure(me.error).code === 'unavailable'
  const status = streamStatus({ isSignedOut, isDatabaseAway, isBroken, isOpen: stream.status === 'pending' })
  useLayoutEffect(() => tellLive({ status }), [status])
  useEffect(() => forgetLive, [])
  return children
}

function streamStatus(is: Readonly<Record<'isSignedOut' | 'isDatabaseAway' | 'isBroken' | 'isOpen', boolean>>) {
  if (is.isSignedOut) return 'signed_out'
  if (is.isDatabaseAway) return 'no_database'
  if (is.isBroken) return 'reconnecting'
  return is.isOpen ? 'open' : 'connecting'
}
