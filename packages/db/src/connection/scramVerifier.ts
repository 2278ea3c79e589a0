// A password as Postgres stores it (RFC 5803, SCRAM-SHA-256): given instead of the password itself, which would stand
// in the server's log whenever the statement failed.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

const ITERATIONS = 4_096

/** Base64, "$" and ":" only: safe between single quotes. */
export function scramVerifier(password: string): string {
  const salt = randomBytes(16)
  // SASLprep, as far as Unicode's own normalisation goes (RFC 4013, 2.2).
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256')
  const key = (name: string) => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64')
  const serverKey = key('Server Key').toString('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
