// Path matches of routes and rules, compiled. Values are brought into the same canonical form as the request's path.
import type { PathMatch } from '@heddle/shared/resources/httpRoute'
import { RE2JS } from 're2js'
import { canonicalPath, worstReading } from './canonical.ts'

export type PathMatcher =
  | { readonly kind: 'exact'; readonly value: string }
  /** Without the trailing slash, which the Gateway API ignores here; '' matches every path. */
  | { readonly kind: 'prefix'; readonly value: string }
  /** `isCall`: made of a GRPCRoute's expressions for service and method, neither of which reaches across a slash. */
  | { readonly kind: 'regex'; readonly regex: RE2JS; readonly isCall?: true }

/** A path as it was written, in both readings: the canonical one for canonical paths, the worst one for worst readings. */
export interface TwiceReadPath {
  readonly canonical: PathMatcher
  readonly worst: PathMatcher
}

/** An expression has one reading: it is asked about both of the request's. @throws Error as `compilePath` does. */
export function compileTwice(match: PathMatch, isCall = false): TwiceReadPath {
  const canonical = compilePath(match, isCall)
  if (match.type === 'RegularExpression') return { canonical, worst: canonical }
  const value = worstReading(canonicalValue(match.value))
  return { canonical, worst: match.type === 'Exact' ? { kind: 'exact', value } : prefixMatcher(value) }
}

/** @throws Error in words for a person, where the value is not a path or not an RE2 expression. */
export function compilePath(match: PathMatch, isCall = false): PathMatcher {
  if (match.type === 'RegularExpression')
    return { kind: 'regex', regex: compileRegex(match.value), ...(isCall && { isCall }) }
  const value = canonicalValue(match.value)
  return match.type === 'Exact' ? { kind: 'exact', value } : prefixMatcher(value)
}

export function prefixMatcher(value: string): PathMatcher {
  return { kind: 'prefix', value: value.endsWith('/') ? value.slice(0, -1) : value }
}

/**
 * Regular expressions match the whole value, as in Envoy and Linkerd: `/v[0-9]` does not match `/v1/x`. The linear-time
 * engine of RE2, since the expression may be anybody's and the value is an attacker's.
 */
export function compileRegex(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression)
  } catch (cause) {
    throw new Error(`"${expression}" is not a regular expression in RE2 syntax`, { cause })
  }
}

/** The path that an operator wrote; what is not ASCII is meant as UTF-8. */
export function canonicalValue(value: string): string {
  const path = value.isWellFormed() ? canonicalPath(value.replaceAll(/[^\0-\x7f]+/g, encodeURIComponent)) : undefined
  if (path === undefined) throw new Error(`"${value}" is not a path that a request can have`)
  return path
}

export function matchesPath(matcher: PathMatcher, path: string): boolean {
  switch (matcher.kind) {
    case 'exact':
      return path === matcher.value
    case 'prefix':
      return isBelow(matcher.value, path)
    case 'regex':
      return (matcher.isCall !== true || hasTwoSegments(path)) && matcher.regex.testExact(path)
  }
}

/** Then the two slashes of `/(?:<service>)/(?:<method>)` are the path's only ones, and each expression is of one name. */
function hasTwoSegments(path: string): boolean {
  const second = path.indexOf('/', 1)
  return second !== -1 && path.indexOf('/', second + 1) === -1
}

/** Whole segments only: `/admin` is above `/admin/x` and not above `/administrator`. `OPTIONS *` is below the root alone. */
function isBelow(prefix: string, path: string): boolean {
  if (prefix === '') return true
  if (!path.startsWith(prefix)) return false
  return path.length === prefix.length || path.charCodeAt(prefix.length) === 0x2f
}
