// What is wrong with an input, from zod's issues. Pure.
import type { Mistake } from '@heddle/shared/api/index'
import type { z } from 'zod'

/** What zod says of a union to which it was given no words of its own. */
const SAYS_NOTHING = 'Invalid input'

export function inputMistakes(issues: readonly z.core.$ZodIssue[]): Mistake[] {
  return issues.flatMap(concrete).map(({ path, message }) => ({
    document: 0,
    path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
    message,
  }))
}

/** Of a union that does not say what it wants, the mistakes in the form that the input comes closest to. */
function concrete(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.message !== SAYS_NOTHING) return [issue]
  const nearest = issue.errors
    .map((issues) => issues.flatMap(concrete))
    .toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0]
  if (nearest === undefined || nearest.length === 0) return [issue]
  return nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

/** The further in the mistake, the more of the form was right. */
function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length))
}
