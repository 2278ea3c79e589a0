import type { CanonicalTarget } from './canonical.ts'
export interface HeaderEdits {
  readonly remove: ReadonlySet<string>
  readonly append: readonly string[]
}
export interface CompiledFilters {
  readonly requestHeaders: HeaderEdits | null
  readonly responseHeaders: HeaderEdits | null
  readonly rewrite: PreparedRewrite | null
  readonly redirect: PreparedRedirect | null
}
export interface PreparedRewrite {
  readonly hostname: string | null
  readonly path: PreparedPathChange | null
}
export type PreparedPathChange = { readonly full: string } | { readonly prefix: string }
export interface PreparedRedirect {
  readonly scheme: 'http' | 'https' | null
  readonly hostname: string | null
  readonly port: number | null
  readonly path: PreparedPathChange | null
  readonly status: number
}
/** A new flat array; names that are left keep their case and order. */
export function editHeaders(edits: HeaderEdits, headers: readonly string[]): string[] {
  throw new Error(`pending ${edits.append.length} ${headers.length}`)
}
/** New target after URLRewrite; `prefix` is the winning candidate's. */
export function rewriteTarget(
  rewrite: PreparedRewrite,
  target: CanonicalTarget,
  prefix: string | null,
): { authority: string; path: string; pathAndQuery: string } {
  throw new Error(`pending ${rewrite.hostname} ${target.path} ${prefix}`)
}
export function redirectTo(
  redirect: PreparedRedirect,
  target: CanonicalTarget,
  prefix: string | null,
): { status: number; location: string } {
  throw new Error(`pending ${redirect.hostname} ${target.path} ${prefix}`)
}
