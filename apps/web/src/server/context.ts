// What a procedure gets: who calls, and the console's running parts.
import type { Role } from '@heddle/shared/can'
import type { Console } from './console.ts'

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
  actor: Actor | null
  requestId: string
}

/** The caller that a request's headers prove: a session's cookie or `authorization: Bearer heddle_api_…`. */
export async function contextOf(_headers: Headers): Promise<ConsoleContext> {
  throw new Error('not built yet')
}
