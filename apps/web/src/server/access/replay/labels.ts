// Which routes a concrete call may have on the server's side, where headers, queries and some expressions are not known.
import type { RouteCandidate, RouteTable } from '@heddle/proxy/route/compile'
import type { PathMatcher } from '@heddle/proxy/route/pathMatch'
import { DEFAULT_ROUTE_LABEL } from '@heddle/shared/names'

/** Whether a matcher matches the call's path; null: that is not known. */
export type AskPath = (matcher: PathMatcher) => boolean | null

/** `pathOf`: the candidate's path in the reading that is asked about. `method` null: it may be any. */
export function possibleLabels(
  table: RouteTable,
  method: string,
  pathOf: (candidate: RouteCandidate) => PathMatcher,
  ask: AskPath,
): Set<string> {
  const labels = new Set<string>()
  for (const candidate of table.candidates) {
    const matches = ask(pathOf(candidate))
    if (matches === false || (candidate.match.method !== null && candidate.match.method !== method)) continue
    labels.add(candidate.rule.label)
    if (matches === true && candidate.headers.length === 0 && candidate.queryParams.length === 0) return labels
  }
  return labels.add(DEFAULT_ROUTE_LABEL)
}

const isBelow = (label: string, target: string) => label === target || label.startsWith(`${target}/`)

/** Of labels that no rule's target tells apart, one. */
export function distinctLabels(labels: Iterable<string>, targets: readonly string[]): string[] {
  const bySignature = new Map<string, string>()
  for (const label of labels) {
    const signature = targets.map((target) => (isBelow(label, target) ? '1' : '0')).join('')
    if (!bySignature.has(signature)) bySignature.set(signature, label)
  }
  return [...bySignature.values()]
}
