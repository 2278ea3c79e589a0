// The frame around every page behind the sign-in: rail, bar, and the one live stream. Who is signed in is known before
// the first byte, so that the frame is there at once.
import type { ReactNode } from 'react'
import { Frame } from '@/components/frame/frame'
import { getQueryClient, HydrateClient, trpc } from '@/trpc/server'

export default async function ConsoleLayout({ children }: Readonly<{ children: ReactNode }>) {
  await getQueryClient().prefetchQuery(trpc.session.me.queryOptions())
  return (
    <HydrateClient>
      <Frame>{children}</Frame>
    </HydrateClient>
  )
}
