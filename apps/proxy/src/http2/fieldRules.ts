// What stands in a field section beside the fields that are passed on (RFC 9113, 8.2 and 8.3): pseudo-header fields come
// first, once, and only the known ones; what belongs to a connection belongs to HTTP/1.1.
import type { FieldList } from '../http1/requestHead.ts'

/** RFC 9113, 8.2.2. */
const CONNECTION_SPECIFIC: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

export function isConnectionSpecific(name: string): boolean {
  return CONNECTION_SPECIFIC.has(name)
}

/** Why this field makes its message malformed, by its name and value together. */
export function fieldFlaw(name: string, value: string): string | null {
  if (CONNECTION_SPECIFIC.has(name)) return 'a field of a connection (RFC 9113, 8.2.2)'
  if (name === 'te' && value.toLowerCase() !== 'trailers') return 'TE is not "trailers"'
  return null
}

/**
 * The pseudo-header fields that begin a list, in `values` in the order of `known`; gives where the others begin, or why they
 * are none.
 */
export function readPseudo(
  fields: FieldList,
  known: readonly string[],
  values: (string | undefined)[],
): number | string {
  let at = 0
  for (; at < fields.length; at += 2) {
    const name = fields[at] ?? ''
    if (!isPseudo(name)) break
    const place = known.indexOf(name)
    if (place < 0) return 'an unknown pseudo-header field'
    if (values[place] !== undefined) return 'a pseudo-header field twice'
    values[place] = fields[at + 1] ?? ''
  }
  return at
}

export function isPseudo(name: string): boolean {
  return name.charCodeAt(0) === 0x3a
}

/** Why these cannot be trailers. */
export function trailersFlaw(fields: FieldList): string | null {
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? ''
    if (isPseudo(name)) return 'a pseudo-header field in trailers'
    const flaw = fieldFlaw(name, fields[i + 1] ?? '')
    if (flaw !== null) return flaw
  }
  return null
}
