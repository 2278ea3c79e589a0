// A real console for tests: real Postgres, a HEDDLE_HOME of its own, no control plane unless a test brings one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createUser } from '@heddle/db'
import { createTestDatabase, type TestDatabase } from '@heddle/db/testing'
import type { Role } from '@heddle/shared/can'
import { type Clock, systemClock } from '@heddle/shared/clock'
import { hashPassword } from 'better-auth/crypto'
import { signIn } from '../src/auth/signIn.ts'
import { type Console, startConsole } from '../src/server/console.ts'
import type { Actor, ConsoleContext } from '../src/server/context.ts'
import { handleTrpc } from '../src/server/request/trpcHandler.ts'
import { appRouter } from '../src/server/router.ts'

export const CONSOLE_URL = 'http://localhost:3000'
export const PASSWORD = 'correct horse battery'
/** A machine on which all tests run at once may leave a query without its turn for longer than a console waits for one. */
const BUSY_MS = 20_000

export interface TestConsole extends AsyncDisposable {
  readonly console: Console
  readonly database: TestDatabase
  readonly home: string
  /** Lines that were logged. */
  readonly logged: Record<string, unknown>[]
  /** Procedures called in this process as somebody of this role; null: not signed in. */
  as(role: Role | null, name?: string): ReturnType<typeof appRouter.createCaller>
  /** A request as a browser of our own page sends it, or with other headers. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** The cookie of a fresh user of that role. */
  cookieOf(role: Role, name: string): Promise<string>
}

export async function createTestConsole(
  options: {
    controls?: readonly string[]
    home?: string
    clock?: Clock
    /** How long a read may be without any answer of the database, in milliseconds; BUSY_MS unless told. */
    patienceMs?: number
    /** The database as the console reaches it. */
    via?: (databaseUrl: string) => Promise<string>
  } = {},
): Promise<TestConsole> {
  const database = await createTestDatabase()
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'heddle-console-'))
  const logged: Record<string, unknown>[] = []
  const console = await startConsole({
    config: {
      databaseUrl: (await options.via?.(database.url)) ?? database.url,
      home,
      url: CONSOLE_URL,
      controls: options.controls ?? [],
    },
    clock: options.clock ?? systemClock,
    patienceMs: options.patienceMs ?? BUSY_MS,
    log: (level, message, fields = {}) => logged.push({ level, message, ...fields }),
    random: Math.random,
  })
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    handleTrpc(
      console,
      new Request(`${CONSOLE_URL}/api/trpc/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    )
  return {
    console,
    database,
    home,
    logged,
    as: (role, name) => appRouter.createCaller(contextAs(console, role, name)),
    post,
    cookieOf: async (role, name) => {
      const passwordHash = await hashPassword(PASSWORD)
      await console.db.transaction((tx) => createUser(tx, { name, role, passwordHash }))
      const answer = await signInAs(console, name, PASSWORD)
      const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
      if (cookie === undefined) throw new Error(`signing in as ${name} answered ${answer.status}`)
      return cookie
    },
    async [Symbol.asyncDispose]() {
      await console[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      if (options.home === undefined) rmSync(home, { recursive: true, force: true })
    },
  }
}

export function signInAs(console: Console, name: string, password: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
  const body = JSON.stringify({ name, password })
  return signIn(console, new Request(`${CONSOLE_URL}/api/auth/sign-in`, { method: 'POST', headers, body }))
}

export function contextAs(console: Console, role: Role | null, name = `a ${role}`): ConsoleContext {
  const actor: Actor | null = role === null ? null : { kind: 'user', id: `session of ${name}`, name, role }
  const caller = async () => actor
  return {
    console,
    requestId: 'request-1',
    times: [],
    caller,
    reader: caller,
    callerNow: caller,
    isSignedIn: () => actor !== null,
    isCookieTrusted: true,
  }
}
