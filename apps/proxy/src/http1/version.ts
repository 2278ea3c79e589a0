// "HTTP/1.1" at the end of a request line or the beginning of a status line.
import { malformed, type Refusal, refuse } from './refusal.ts'

const DIGIT_ZERO = 0x30
export const VERSION_LENGTH = 8
const HTTP_SLASH = [0x48, 0x54, 0x54, 0x50, 0x2f]

/** The minor version in the eight octets from `at` on; names are case-sensitive here (RFC 9112, 2.3). */
export function readVersion(bytes: Buffer, at: number): 0 | 1 | Refusal {
  for (let i = 0; i < HTTP_SLASH.length; i++) if (bytes[at + i] !== HTTP_SLASH[i]) return malformed('no HTTP version')
  const major = (bytes[at + 5] ?? 0) - DIGIT_ZERO
  const minor = (bytes[at + 7] ?? 0) - DIGIT_ZERO
  if (major < 0 || major > 9 || bytes[at + 6] !== 0x2e || minor < 0 || minor > 9) return malformed('no HTTP version')
  if (major !== 1 || minor > 1) return refuse('version', 'the HTTP version is neither 1.0 nor 1.1')
  return minor === 1 ? 1 : 0
}
