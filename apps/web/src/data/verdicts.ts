// What the rules said of calls, in words.
import type { MatrixCell } from '@/server/schemas/accessPreview'

export const VERDICTS = ['allow', 'default', 'audit', 'deny'] as const satisfies readonly MatrixCell['verdict'][]

export const VERDICT_TEXT: Readonly<Record<MatrixCell['verdict'], string>> = {
  allow: 'Allowed by a rule',
  default: 'Allowed by default',
  audit: 'Audited: would be denied',
  deny: 'Denied',
}

/** Callers that came through a public port. */
export const OUTSIDE_NAME = 'outside'
