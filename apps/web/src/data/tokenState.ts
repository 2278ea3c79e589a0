// Whether a token still opens something, in a word. Pure; "now" is an argument.
import { plural } from './numbers.ts'
import { momentText } from './timeRange.ts'

interface TokenFacts {
  revoked: boolean
  /** ISO 8601; null: never. */
  expiresAt: string | null
  uses?: number
  used?: number
}

export interface TokenState {
  isGood: boolean
  word: string
}

export function tokenState({ revoked, expiresAt, uses, used = 0 }: TokenFacts, now: number): TokenState {
  if (revoked) return { isGood: false, word: 'Revoked' }
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return { isGood: false, word: 'Expired' }
  if (uses !== undefined && used >= uses) return { isGood: false, word: 'Used up' }
  const until = expiresAt === null ? 'until it is revoked' : `until ${momentText(Date.parse(expiresAt), now)}`
  return {
    isGood: true,
    word: uses === undefined ? `Good ${until}` : `Good for ${plural(uses - used, 'more use')}, ${until}`,
  }
}

export const TOKEN_LIVES = [
  { value: '3600000', label: '1 hour' },
  { value: '86400000', label: '1 day' },
  { value: '604800000', label: '7 days' },
  { value: '2592000000', label: '30 days' },
  { value: '31536000000', label: '1 year' },
] as const
