// One QueryClient recipe for both sides: the server prefetches and dehydrates (pending queries too, so that a page
// streams), the browser takes over.
import { defaultShouldDehydrateQuery, QueryClient } from '@tanstack/react-query'
import { keepSame } from '../data/isSame.ts'

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Above 0, so that what the server just prefetched is not fetched again at hydration; below one tick.
        staleTime: 4_000,
        refetchOnWindowFocus: true,
        structuralSharing: (before, now) => keepSame(before, now),
        retry: (failures, error) => failures < 2 && isWorthRetrying(error),
      },
      dehydrate: {
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === 'pending',
        // tRPC's errors carry nothing secret, and redacting them would hide their code.
        shouldRedactErrors: () => false,
      },
    },
  })
}

/** Refusals stay refusals; what is away may come back. */
function isWorthRetrying(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('data' in error)) return true
  const data = error.data
  if (typeof data !== 'object' || data === null || !('httpStatus' in data)) return true
  return typeof data.httpStatus !== 'number' || data.httpStatus >= 500
}
