// What a procedure gets: who calls, and the console's running parts.
import { randomUUID } from 'node:crypto'
import { verifyApiToken } from '@heddle/db'
import type { Role } from '@heddle/shared/can'
import type { Console } from './console.ts'
import { isDatabaseAway } from './databaseErrors.ts'
import { isSameOrigin } from './request/origin.ts'
import type { ProcedureTime } from './request/serverTiming.ts'

/** Who calls. `name` goes into changes and the audit. */
export interface Actor {
  kind: 'user' | 'token'
  /** Of the session or the API token: what is counted per caller. */
  id: string
  name: string
  role: Role
}

export interface ConsoleContext {
  console: Console
  requestId: string
  /** Of the procedures that have ended, in that order. */
  readonly times: ProcedureTime[]
  /** Asked once per request, however many procedures it calls. Throws while the database is away. */
  caller: () => Promise<Actor | null>
  /** For reads: while the database is away, who was let in within the last minute is so still. Throws otherwise. */
  reader: () => Promise<Actor | null>
  /** As `reader`, asked anew, for what lasts: a session may end and a role be taken away meanwhile. */
  callerNow: () => Promise<Actor | null>
  /** Whether one of the above has found somebody; asks nothing. */
  isSignedIn: () => boolean
  /** A cookie counts only where it is known that our own page sent it; tokens are not sent by accident. */
  isCookieTrusted: boolean
}

const BEARER = /^Bearer (heddle_api_[A-Za-z0-9_-]{43})$/

/** The caller that a request's headers prove: `authorization: Bearer heddle_api_…`, else a session's cookie. */
export function contextOf(console: Console, headers: Headers): ConsoleContext {
  let caller: Promise<Actor | null> | undefined
  let isSignedIn = false
  const identified = async () => {
    const actor = await identify(console, headers)
    isSignedIn = actor !== null
    return actor
  }
  const once = () => {
    caller ??= identified()
    return caller
  }
  const orRecent = async (asked: Promise<Actor | null>) => {
    try {
      return await asked
    } catch (error) {
      const recent = isDatabaseAway(error) ? console.recentCallers.find(headers) : undefined
      if (recent === undefined) throw error
      isSignedIn = true
      return recent
    }
  }
  return {
    console,
    requestId: randomUUID(),
    times: [],
    caller: once,
    reader: () => orRecent(once()),
    callerNow: () => orRecent(identified()),
    isSignedIn: () => isSignedIn,
    isCookieTrusted: isSameOrigin(headers, console.config.url),
  }
}

async function identify(console: Console, headers: Headers): Promise<Actor | null> {
  const actor = await console.pulse.read(() => ask(console, headers))
  console.recentCallers.note(headers, actor)
  return actor
}

async function ask(console: Console, headers: Headers): Promise<Actor | null> {
  const authorization = headers.get('authorization')
  if (authorization !== null) {
    // A token that is wrong never falls back to a cookie: whoever sends one means it.
    const token = BEARER.exec(authorization)?.[1]
    const found = token === undefined ? null : await verifyApiToken(console.db, token)
    return found === null ? null : { kind: 'token', ...found }
  }
  const session = await console.auth.session(headers)
  return session === null ? null : { kind: 'user', id: session.sessionId, name: session.name, role: session.role }
}
