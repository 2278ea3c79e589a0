// The server's side of tRPC for pages: `prefetch(trpc.services.list.queryOptions({...}))` inside a server component,
// then `<HydrateClient>` around the client components that use the same query. Procedures run in this process, behind
// the same authorisation as over HTTP; the session is read once per request.
import 'server-only'
import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { cache, type ReactNode } from 'react'
import { appRouter } from '../server/router.ts'
import { pageContext } from './pageContext.ts'
import { makeQueryClient } from './queryClient.ts'

export const getQueryClient = cache(makeQueryClient)

export const trpc = createTRPCOptionsProxy({ ctx: pageContext, router: appRouter, queryClient: getQueryClient })

/** For what a page must know before it renders, e.g. `(await api()).session.me()`. */
export async function api() {
  return appRouter.createCaller(await pageContext())
}

/** Starts a query without waiting: the page streams its skeleton, then the data. */
export function prefetch(options: Parameters<ReturnType<typeof getQueryClient>['prefetchQuery']>[0]): void {
  void getQueryClient().prefetchQuery(options)
}

export function HydrateClient({ children }: Readonly<{ children: ReactNode }>) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>
}
