// What a path of a rule or a route says of a recorded pattern, in which `*` stands for one id. Pure. Exact and prefix
// paths are asked about concrete ids (samples.ts); here is what is known of a regular expression without them.
import { isFolded } from '@heddle/proxy/telemetry/callPatterns'

/** Whether `*` may stand for this segment (a path may also have the letter `*` itself). */
export function mayStandFor(segment: string): boolean {
  return segment === '*' || isFolded(segment)
}

/** What replaces `[^/]+`, of which the console makes paths itself. No expression has it by other means. */
const ANY_SEGMENT = '\u0001'
/** Characters that mean themselves in RE2, and escaped ones that do. */
const PLAIN = /^(?:[A-Za-z0-9_~!@%&=:,' -]|\\[.\-+*?()[\]{}|^$\\/])*$/

type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'segment' }
  | { readonly kind: 'rest' }
  | { readonly kind: 'unread' }

function piecesOf(expression: string): Piece[] | null {
  // An alternative or a flag is about all of the expression.
  if (expression.includes('|') || expression.includes('(?') || expression.includes(ANY_SEGMENT)) return null
  const parts = expression.replaceAll('[^/]+', ANY_SEGMENT).split('/')
  return parts.map((part, i): Piece => {
    if (part === ANY_SEGMENT) return { kind: 'segment' }
    if (part === '.*' && i === parts.length - 1) return { kind: 'rest' }
    return PLAIN.test(part) ? { kind: 'literal', text: part.replaceAll(/\\(.)/g, '$1') } : { kind: 'unread' }
  })
}

/** Whether an expression matches every path of the pattern (true), none (false), or it is not known (null). */
export function expressionOnPattern(expression: string, pattern: string): boolean | null {
  const pieces = piecesOf(expression)
  // `.` and `[^/]` do not mean the same of a line's end, which a path can hold in its worst reading.
  if (pieces === null || /[\n\r]/.test(pattern)) return null
  const segments = pattern.split('/')
  let isSure = true
  for (const [i, piece] of pieces.entries()) {
    if (piece.kind === 'unread') return null
    if (piece.kind === 'rest') return segments.length <= i ? false : isSure ? true : null
    const segment = segments[i]
    const next = pieces[i + 1]
    // What follows may be a quantifier of the slash between, so this piece is not known to be a whole segment.
    if (next?.kind === 'unread') return null
    if (segment === undefined) return false
    if (piece.kind === 'segment') {
      if (segment === '') return false
    } else if (segment === '*') {
      if (!mayStandFor(piece.text)) return false
      isSure = false
    } else if (segment !== piece.text) return false
  }
  if (segments.length !== pieces.length) return false
  return isSure ? true : null
}
