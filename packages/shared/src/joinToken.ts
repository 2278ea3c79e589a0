// A join token: `heddle.<id>.<secret>.<root>`. It names one service (on the server's side), expires, is limited in
// uses and stored hashed; `root` is the SHA-256 of the root certificate, so that a joining proxy needs no other trust.
import { createHash, randomBytes } from 'node:crypto'

export interface JoinToken {
  id: string
  secret: string
  /** SHA-256 of the root certificate's DER, base64url. */
  rootSha256: string
}

const FORM = /^heddle\.([a-z0-9]{12})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/

export function formatJoinToken({ id, secret, rootSha256 }: JoinToken): string {
  return `heddle.${id}.${secret}.${rootSha256}`
}

export function parseJoinToken(text: string): JoinToken | undefined {
  const match = FORM.exec(text.trim())
  if (!match) return undefined
  const [, id = '', secret = '', rootSha256 = ''] = match
  return { id, secret, rootSha256 }
}

/** A new secret of 256 bits, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** How every bearer secret is stored: SHA-256 suffices, since the secrets have 256 random bits. Lower-case hex. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** A random id of 12 lower-case letters and digits (about 62 bits); an address, not a secret. */
export function newId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from(randomBytes(12), (byte) => alphabet[byte % alphabet.length]).join('')
}
