// "Allow this too": an Allow rule's draft, widened by as little as lets one recorded call in. Pure.
import type { PathMatch } from '@heddle/shared/resources/httpRoute'
import { OUTSIDE, type RuleDraft } from './ruleDraft.ts'

export interface CallToAllow {
  source: string
  method: string
  path: string
}

/** Whether a rule can name the call: what was folded has no name. */
export function canAllow({ source, method, path }: CallToAllow): boolean {
  return path.startsWith('/') && /^[A-Z][A-Z-]*$/.test(method) && source !== '*' && source !== 'other'
}

export function allowToo(draft: RuleDraft, call: CallToAllow): RuleDraft {
  const caller = call.source === 'public' ? OUTSIDE : call.source
  const callers = draft.callers.includes(caller) ? draft.callers : [...draft.callers, caller]
  const methods =
    draft.methods.length === 0 || draft.methods.includes(call.method) ? draft.methods : [...draft.methods, call.method]
  const isCovered = draft.paths.length === 0 || draft.paths.some((path) => covers(path, call.path))
  return { ...draft, callers, methods, paths: isCovered ? draft.paths : [...draft.paths, pathOf(call.path)] }
}

/** Surely: an expression that may match is not relied on. */
function covers({ type, value }: PathMatch, path: string): boolean {
  if (type === 'PathPrefix') {
    const prefix = value.endsWith('/') ? value.slice(0, -1) : value
    return path === prefix || path.startsWith(`${prefix}/`)
  }
  return type === 'Exact' ? value === path && !path.includes('*') : value === pathOf(path).value
}

/** Ids are any one segment: "/orders/*" gives the expression "/orders/[^/]+". */
function pathOf(path: string): PathMatch {
  const segments = path.split('/')
  if (!segments.includes('*')) return { type: 'Exact', value: path }
  const escaped = segments.map((segment) =>
    segment === '*' ? '[^/]+' : segment.replaceAll(/[.\-+*?()[\]{}|^$\\]/g, '\\$&'),
  )
  return { type: 'RegularExpression', value: escaped.join('/') }
}
