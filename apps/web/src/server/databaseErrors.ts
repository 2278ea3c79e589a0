// Tells a database that is away from one that refuses: only the first is worth trying again. Errors are known by their
// codes and names, not by class: the console's parts may be loaded twice in one process.

/** SQLSTATEs of a server that is away, starting, stopping or full, or of a database that is gone (PostgreSQL, appendix A). */
const AWAY_SQLSTATE = /^(?:08|3D000|57P0[1-4]|53300|25006)/
const AWAY_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
/** Prisma: cannot reach, timed out, no such database, closed the connection, no connection from the pool, transaction API. */
const AWAY_PRISMA = new Set(['P1001', 'P1002', 'P1003', 'P1008', 'P1017', 'P2024', 'P2028'])
/** What pg says where it has no code to say it with. */
const AWAY_MESSAGE =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Can't reach database server|Client has encountered a connection error/

/** Sessions could not be read, and what read them does not say why. */
export class SessionsUnreadable extends Error {
  constructor(options: ErrorOptions) {
    super('Sessions cannot be read.', options)
    this.name = 'SessionsUnreadable'
  }
}

/** The database neither answers nor refuses. */
export class DatabaseSilent extends Error {
  constructor() {
    super('The database does not answer.')
    this.name = 'DatabaseSilent'
  }
}

export function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false
  if (error.name === 'SessionsUnreadable' || error.name === 'DatabaseSilent') return true
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // A Unix socket that is not there; a missing file has another system call.
  if (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') return true
  if (AWAY_SYSTEM.has(code) || AWAY_PRISMA.has(code) || AWAY_SQLSTATE.test(code)) return true
  if (AWAY_MESSAGE.test(error.message)) return true
  if (error instanceof AggregateError && error.errors.some((inner) => isDatabaseAway(inner, depth + 1))) return true
  return isDatabaseAway(error.cause, depth + 1)
}
