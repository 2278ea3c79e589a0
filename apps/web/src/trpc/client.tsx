'use client'
import { jsonTransformer } from '@heddle/shared/api/transformer'
import type { QueryClient } from '@tanstack/react-query'
// The browser's side of tRPC: `useTRPC()` inside `<TRPCProvider>`. Queries and mutations are batched (at most 10 in a
// request); subscriptions go over one SSE stream each: a page opens one, `live.watch`.
import { QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, type getFetch, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import { type ReactNode, useState } from 'react'
import type { AppRouter } from '../server/router.ts'
import { makeQueryClient } from './queryClient.ts'

const context = createTRPCContext<AppRouter>()
export const useTRPC = context.useTRPC
export const useTRPCClient = context.useTRPCClient

/** Requests of a batch; the server refuses more than 20. */
const BATCH_ITEMS = 10
/** A connection that died without a word (a laptop that slept, another network) answers never: then a read is made anew. */
const READ_MS = 20_000

const readFetch: ReturnType<typeof getFetch> = (input, { signal, ...init } = {}) => {
  const late = AbortSignal.timeout(READ_MS)
  return fetch(input, { ...init, signal: signal == null ? late : AbortSignal.any([signal, late]) } as RequestInit)
}

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
    const batched = { url, transformer: jsonTransformer, maxItems: BATCH_ITEMS, methodOverride: 'POST' } as const
    return createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === 'subscription',
          true: httpSubscriptionLink({ url, transformer: jsonTransformer }),
          false: splitLink({
            condition: (operation) => operation.type === 'query',
            true: httpBatchLink({ ...batched, fetch: readFetch }),
            // A change that was given up may have been made: it is waited for.
            false: httpBatchLink(batched),
          }),
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
