// tRPC over HTTP: JSON bodies of a bounded size, at most 20 calls in a request, no mutation by GET (tRPC refuses it).
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import type { Console } from '../console.ts'
import { contextOf } from '../context.ts'
import { appRouter } from '../router.ts'
import { isJson, readText } from './body.ts'
import { serverTiming } from './serverTiming.ts'

export const TRPC_ENDPOINT = '/api/trpc'
/** An apply of a thousand documents has room in it. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024
const LARGEST_BATCH = 20

export async function handleTrpc(console: Console, request: Request): Promise<Response> {
  const startedAt = console.clock.monotonic()
  const bounded = await boundedRequest(request)
  if (bounded instanceof Response) return bounded
  const context = contextOf(console, request.headers)
  const response = await fetchRequestHandler({
    endpoint: TRPC_ENDPOINT,
    req: bounded,
    router: appRouter,
    createContext: () => context,
    // The command line and the pages send queries as POST too: documents to compare do not fit into a URL.
    allowMethodOverride: true,
    maxBatchSize: LARGEST_BATCH,
    responseMeta: ({ type }) => ({
      headers: new Headers({
        'x-request-id': context.requestId,
        // Streams have tRPC's own, which also keeps nginx from holding events back.
        ...(type === 'subscription' ? {} : { 'cache-control': 'no-store' }),
      }),
    }),
  })
  // Not for strangers, whom it might tell how far a guess has come.
  if (context.isSignedIn() && context.times.length > 0)
    response.headers.set('server-timing', serverTiming(context.times, console.clock.monotonic() - startedAt))
  return response
}

/** The request with its body read and measured, or the refusal. */
async function boundedRequest(request: Request): Promise<Request | Response> {
  if (request.method !== 'POST') return request
  if (!isJson(request.headers)) return refusal(415, 'Send JSON: content-type application/json.')
  const body = await readText(request, LARGEST_BODY_BYTES)
  if (body === null) return refusal(413, 'The request is larger than 4 MiB.')
  return new Request(request.url, { method: 'POST', headers: request.headers, body, signal: request.signal })
}

function refusal(status: number, message: string): Response {
  return Response.json({ message }, { status, headers: { 'cache-control': 'no-store' } })
}
