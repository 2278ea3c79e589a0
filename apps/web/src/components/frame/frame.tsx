// Rail, bar, page; on the phone the rail becomes a bar at the bottom. Sends strangers to the sign-in.
'use client'
import { useQuery } from '@tanstack/react-query'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { PanelError } from '@/components/ui/states'
import { routes } from '@/lib/routes'
import { useTRPC } from '@/trpc/client'
import { BottomBar } from './bottomBar'
import { LiveBanner } from './liveBadge'
import { LiveProvider } from './liveProvider'
import { Rail } from './rail'
import { TopBar } from './topBar'

const ASK_AGAIN_MS = 5_000

export function Frame({ children }: Readonly<{ children: ReactNode }>) {
  const trpc = useTRPC()
  const me = useQuery(
    trpc.session.me.queryOptions(undefined, {
      staleTime: 60_000,
      // Without an answer nothing below is there that would ask again.
      refetchInterval: ({ state }) => (state.status === 'error' && state.data === undefined ? ASK_AGAIN_MS : false),
    }),
  )
  const router = useRouter()
  const path = usePathname()
  const query = useSearchParams().toString()
  const isStranger = me.data?.user === null
  useEffect(() => {
    if (!isStranger) return
    const next = query === '' ? path : `${path}?${query}`
    router.replace(`${routes.signIn}?next=${encodeURIComponent(next)}`)
  }, [isStranger, path, query, router])

  if (me.isError && me.data === undefined)
    return (
      <main className="mx-auto max-w-2xl px-6 py-16">
        <PanelError what="Your session" error={me.error} onRetry={() => void me.refetch()} />
      </main>
    )
  // Before it is known who asks, nothing of the mesh is asked for or shown.
  if (me.data === undefined || isStranger) return null
  return (
    <LiveProvider>
      <a
        href="#page"
        className="-top-12 fixed left-2 z-(--z-tooltip) rounded-2 bg-accent px-3 py-2 text-accent-on focus:top-2"
      >
        Skip to the page
      </a>
      <div className="flex">
        <Rail />
        <div className="min-w-0 flex-1">
          <TopBar />
          <LiveBanner />
          {/* A stacking context of its own: the bar's clock is painted each second without what is below it. */}
          <main id="page" className="isolate px-6 pt-5 pb-16 max-md:px-4 max-md:pb-28">
            {children}
          </main>
        </div>
      </div>
      <BottomBar />
    </LiveProvider>
  )
}
