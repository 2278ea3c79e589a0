// Signing in and out over HTTP: JSON from our own pages only, limited in tries, one answer for every wrong password.
import { userEmail } from '@heddle/db'
import { z } from 'zod'
import type { Console } from '../server/console.ts'
import { isDatabaseAway } from '../server/databaseErrors.ts'
import { errorText } from '../server/log.ts'
import { readJsonBody } from '../server/request/body.ts'
import { isSameOrigin } from '../server/request/origin.ts'

const LARGEST_BODY_BYTES = 4_096

const inputSchema = z.object({
  name: z.string().trim().toLowerCase().min(1).max(64),
  password: z.string().min(1).max(128),
})

export async function signIn(console: Console, request: Request): Promise<Response> {
  if (!isSameOrigin(request.headers, console.config.url)) return answer(403, 'This request came from another site.')
  const body = await readJsonBody(request, LARGEST_BODY_BYTES)
  const input = inputSchema.safeParse('json' in body ? body.json : undefined)
  if (!input.success) return answer(400, 'Send a name and a password as JSON.')
  const { name, password } = input.data
  return guarded(console, async () => {
    const gate = await console.gate.check()
    if (!gate.ready) return answer(503, gate.reason ?? '')
    const response = await console.signInLimiter.attempt(name, () =>
      console.auth.signIn({ email: userEmail(name), password }, request.headers),
    )
    if (response === null) return answer(429, 'Too many tries at this moment. Try again in a few seconds.')
    if (response.status >= 500) return answer(503, 'Passwords cannot be checked now. Try again.')
    if (!response.ok) return answer(401, 'Name or password is wrong.')
    return withCookies(response)
  })
}

export async function signOut(console: Console, request: Request): Promise<Response> {
  if (!isSameOrigin(request.headers, console.config.url)) return answer(403, 'This request came from another site.')
  return guarded(console, async () => {
    console.recentCallers.forgetAll()
    return withCookies(await console.auth.signOut(request.headers))
  })
}

async function guarded(console: Console, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (!isDatabaseAway(error)) console.log('error', 'signing in or out failed', { error: errorText(error) })
    return answer(503, 'The database does not answer. Try again.')
  }
}

/** better-auth's body has the session's token in it, which only the cookie should carry. */
function withCookies(response: Response): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  for (const cookie of response.headers.getSetCookie()) headers.append('set-cookie', cookie)
  return new Response('{}', { status: 200, headers })
}

function answer(status: number, message: string): Response {
  return Response.json({ message }, { status, headers: { 'cache-control': 'no-store' } })
}
