// better-auth with as little of it as the console needs: sessions in Postgres and the check of a password. Its own
// routes are not served: sign-in and sign-out are the console's (see signIn.ts), accounts are made by one-time links.
import type { Database } from '@heddle/db'
import { ROLES, type Role } from '@heddle/shared/can'
import { betterAuth } from 'better-auth'
import { SessionsUnreadable } from '../server/databaseErrors.ts'

const DAY_S = 24 * 3_600

export interface SignedIn {
  sessionId: string
  userId: string
  name: string
  role: Role
}

export interface Auth {
  /** The session that a request's cookies prove; null: none, expired, or the user is barred. Asks Postgres each time. */
  session(headers: Headers): Promise<SignedIn | null>
  /** 200 with Set-Cookie, or 401. */
  signIn(input: { email: string; password: string }, headers: Headers): Promise<Response>
  /** 200 with the cookie taken back. */
  signOut(headers: Headers): Promise<Response>
}

export function createAuth(db: Database, { url, secret }: { url: string; secret: string }): Auth {
  const auth = betterAuth({
    appName: 'Heddle',
    database: db.pool,
    secret,
    baseURL: url,
    trustedOrigins: [url],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    user: {
      additionalFields: {
        role: { type: 'string', required: false, input: false },
        banned: { type: 'boolean', required: false, input: false },
      },
    },
    // Read anew for each request, so that a role that was taken away is gone at once.
    session: { expiresIn: 7 * DAY_S, disableSessionRefresh: true, cookieCache: { enabled: false } },
    advanced: {
      cookiePrefix: 'heddle',
      useSecureCookies: url.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
    },
    // The limit is signInLimiter's: better-auth counts by an address that a client may claim.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
  return {
    session: async (headers) => {
      const found = await readSession(() => auth.api.getSession({ headers }))
      if (found === null || found.user.banned === true) return null
      const role = ROLES.find((known) => known === found.user.role)
      if (role === undefined) return null
      return { sessionId: found.session.id, userId: found.user.id, name: found.user.name, role }
    },
    signIn: ({ email, password }, headers) =>
      auth.api.signInEmail({ body: { email, password, rememberMe: true }, headers, asResponse: true }),
    signOut: (headers) => auth.api.signOut({ headers, asResponse: true }),
  }
}

/** better-auth answers a database that is away with an error of its own that has no cause: the query is all it does. */
async function readSession<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new SessionsUnreadable({ cause })
  }
}
