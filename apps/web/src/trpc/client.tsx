'use client'
import { jsonTransformer } from '@heddle/shared/api/transformer'
import type { QueryClient } from '@tanstack/react-query'
// The browser's side of tRPC: `useTRPC()` inside `<TRPCProvider>`. Queries and mutations are batched (at most 10 in a
// request, the server takes no more); subscriptions go over one SSE stream each: a page opens one, `live.watch`.
import { QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import { type ReactNode, useState } from 'react'
import type { AppRouter } from '../server/router.ts'
import { makeQueryClient } from './queryClient.ts'

const context = createTRPCContext<AppRouter>()
export const useTRPC = context.useTRPC
export const useTRPCClient = context.useTRPCClient

/** Requests of a batch; the server refuses more than 20. */
const BATCH_ITEMS = 10

let browserQueryClient: QueryClient | undefined
function getQueryClient(): QueryClient {
  if (typeof window === 'undefined') return makeQueryClient()
  // Made once and outside React: a suspended first render must not throw it away.
  browserQueryClient ??= makeQueryClient()
  return browserQueryClient
}

export function TRPCProvider({ children }: Readonly<{ children: ReactNode }>) {
  const queryClient = getQueryClient()
  const [client] = useState(() => {
    const url = typeof window === 'undefined' ? 'http://localhost/api/trpc' : '/api/trpc'
    return createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === 'subscription',
          true: httpSubscriptionLink({ url, transformer: jsonTransformer }),
          false: httpBatchLink({ url, transformer: jsonTransformer, maxItems: BATCH_ITEMS, methodOverride: 'POST' }),
        }),
      ],
    })
  })
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  )
}
