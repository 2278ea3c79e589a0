// What a route rule changes in a request or answer: header edits, rewrite, redirect (HTTPRouteFilter of the Gateway API).
// Compiled once; who sends decides when they are applied. Mirrors are chosen in split.ts.
import { UNEDITABLE_HEADERS } from '@heddle/shared/resources/headerField'
import type { HeaderModifier, PathModifier, RouteFilter } from '@heddle/shared/resources/httpRoute'
import type { CanonicalTarget } from './canonical.ts'
import { canonicalValue } from './pathMatch.ts'

/** Applied as: take away `remove` (what is set anew is in it), then append. */
export interface HeaderEdits {
  /** In lower case. */
  readonly remove: ReadonlySet<string>
  /** Flat: name, value, name, value; names in lower case, as HTTP/2 has them. */
  readonly append: readonly string[]
}

/** Canonical paths. */
export type PreparedPathChange = { readonly full: string } | { readonly prefix: string }

export interface PreparedRewrite {
  readonly hostname: string | null
  readonly path: PreparedPathChange | null
}

export interface PreparedRedirect {
  readonly scheme: 'http' | 'https' | null
  readonly hostname: string | null
  readonly port: number | null
  readonly path: PreparedPathChange | null
  readonly status: number
}

export interface CompiledFilters {
  readonly requestHeaders: HeaderEdits | null
  readonly responseHeaders: HeaderEdits | null
  readonly rewrite: PreparedRewrite | null
  readonly redirect: PreparedRedirect | null
}

/** Of HTTPRequestRedirectFilter. */
const DEFAULT_REDIRECT_STATUS = 302

/** @throws Error where a path is none. */
export function compileFilters(filters: readonly RouteFilter[]): CompiledFilters {
  let requestHeaders: HeaderEdits | null = null
  let responseHeaders: HeaderEdits | null = null
  let rewrite: PreparedRewrite | null = null
  let redirect: PreparedRedirect | null = null
  for (const filter of filters) {
    switch (filter.type) {
      case 'RequestHeaderModifier':
        requestHeaders = compileEdits(filter.requestHeaderModifier)
        break
      case 'ResponseHeaderModifier':
        responseHeaders = compileEdits(filter.responseHeaderModifier)
        break
      case 'URLRewrite':
        rewrite = { hostname: filter.urlRewrite.hostname ?? null, path: compilePathChange(filter.urlRewrite.path) }
        break
      case 'RequestRedirect':
        redirect = {
          scheme: filter.requestRedirect.scheme ?? null,
          hostname: filter.requestRedirect.hostname ?? null,
          port: filter.requestRedirect.port ?? null,
          path: compilePathChange(filter.requestRedirect.path),
          status: filter.requestRedirect.statusCode ?? DEFAULT_REDIRECT_STATUS,
        }
        break
      case 'RequestMirror':
        break
    }
  }
  return { requestHeaders, responseHeaders, rewrite, redirect }
}

function compilePathChange(change: PathModifier | undefined): PreparedPathChange | null {
  if (change === undefined) return null
  return change.type === 'ReplaceFullPath'
    ? { full: canonicalValue(change.replaceFullPath) }
    : { prefix: canonicalValue(change.replacePrefixMatch) }
}

/** Of entries with an equivalent name the first holds in each list (HTTPHeaderFilter). */
function compileEdits({ set = [], add = [], remove = [] }: HeaderModifier): HeaderEdits | null {
  const removed = new Set<string>()
  const append: string[] = []
  const seen = { set: new Set<string>(), add: new Set<string>() }
  for (const name of remove) if (!UNEDITABLE_HEADERS.has(name.toLowerCase())) removed.add(name.toLowerCase())
  for (const [kind, pairs] of [
    ['set', set],
    ['add', add],
  ] as const)
    for (const { name, value } of pairs) {
      const key = name.toLowerCase()
      if (UNEDITABLE_HEADERS.has(key) || seen[kind].has(key)) continue
      seen[kind].add(key)
      if (kind === 'set') removed.add(key)
      // Space around a value is none of it (RFC 9110, 5.5), and is not written.
      append.push(key, value.replace(/^[\t ]+|[\t ]+$/g, ''))
    }
  return removed.size === 0 && append.length === 0 ? null : { remove: removed, append }
}

/** A new flat array; names that are left keep their case and order. */
export function editHeaders(edits: HeaderEdits, headers: readonly string[]): string[] {
  const edited: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    if (edits.remove.size > 0 && edits.remove.has(name.toLowerCase())) continue
    edited.push(name, headers[i + 1] ?? '')
  }
  for (const text of edits.append) edited.push(text)
  return edited
}

export interface RewrittenTarget {
  readonly authority: string
  /** null where the host was replaced: the new one stands for itself. */
  readonly port: number | null
  readonly path: string
  readonly pathAndQuery: string
}

/** The target after URLRewrite; `prefix` is the winning candidate's. `OPTIONS *` has no path to rewrite. */
export function rewriteTarget(
  rewrite: PreparedRewrite,
  target: CanonicalTarget,
  prefix: string | null,
): RewrittenTarget {
  const path = target.form === 'asterisk' ? target.path : changePath(rewrite.path, target.path, prefix)
  return {
    authority: rewrite.hostname ?? target.authority,
    port: rewrite.hostname === null ? target.port : null,
    path,
    pathAndQuery: path + target.pathAndQuery.slice(target.path.length),
  }
}

/**
 * The query is kept. Without a port of its own a redirect with a scheme goes to that scheme's port, and one without to
 * the port that the request named.
 */
export function redirectTo(
  redirect: PreparedRedirect,
  target: CanonicalTarget,
  prefix: string | null,
): { status: number; location: string } {
  const scheme = redirect.scheme ?? 'http'
  const port = redirect.port ?? (redirect.scheme === null ? target.port : null)
  const isDefaultPort = port === null || port === (scheme === 'http' ? 80 : 443)
  const path = target.form === 'asterisk' ? '/' : changePath(redirect.path, target.path, prefix)
  const host = redirect.hostname ?? target.authority
  const query = target.form === 'asterisk' ? '' : target.pathAndQuery.slice(target.path.length)
  return { status: redirect.status, location: `${scheme}://${host}${isDefaultPort ? '' : `:${port}`}${path}${query}` }
}

/**
 * HTTPPathModifier. Both parts are canonical and meet at a "/", so that no dot segment comes into being and the new path
 * stays below the replacement.
 */
function changePath(change: PreparedPathChange | null, path: string, prefix: string | null): string {
  if (change === null) return path
  if ('full' in change) return change.full
  if (prefix === null) return path
  const rest = path.slice(prefix.length)
  if (rest === '') return change.prefix
  return (change.prefix.endsWith('/') ? change.prefix.slice(0, -1) : change.prefix) + rest
}
