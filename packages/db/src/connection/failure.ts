// What an error of the database says of the database: whether it can be reached at all, and whether the same
// statements could succeed another time. Pure.

/** Codes of Node's for a server that cannot be reached or a connection that broke. */
const BROKEN =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN)$/
/** SQLSTATE: class 08 (connection), and the three of class 57 with which a server sends its clients away. */
const SENT_AWAY = /^(?:08...|57P0[123])$/
/** Prisma's for an unreachable server and a closed connection. P2028 is not among them: it also means a busy pool. */
const PRISMA_UNREACHABLE = /^P10(?:01|02|17)$/
/** pg's own errors have no code. "timeout exceeded when trying to connect" is not among them: it means a busy pool. */
const PG_MESSAGE = /Connection terminated|Client has encountered a connection error|Connection ended unexpectedly/

/**
 * SQLSTATE classes that say nothing about the rows: connection, state of the transaction, rights, missing objects (a
 * migration is on its way), deadlocks, lack of resources, locks, the operator, the system.
 */
const ABOUT_THE_SERVER = /^(?:08|25|28|3D|40|42|53|55|57|58)/

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The five characters by which Postgres names its errors; undefined where the error is not the server's. */
export function sqlState(error: unknown): string | undefined {
  const code = codeOf(error)
  // Node's EPIPE has no digit, and Prisma's codes begin with P1 to P6.
  return code !== undefined && /^(?=.*\d)(?!P[1-9])[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** The server cannot be reached, or went away during the work. Not: it was busy, or refused something. */
export function isConnectionFailure(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = codeOf(at) ?? ''
    if (BROKEN.test(code) || SENT_AWAY.test(code) || PRISMA_UNREACHABLE.test(code) || PG_MESSAGE.test(at.message))
      return true
    if (at instanceof AggregateError && at.errors.some(isConnectionFailure)) return true
  }
  return false
}

/** The server refused these rows for what they are: the same ones would fail again, others would not. */
export function isAboutTheData(error: unknown): boolean {
  const state = sqlState(error)
  return state !== undefined && !ABOUT_THE_SERVER.test(state)
}
