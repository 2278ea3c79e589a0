// What an edit of one resource through a page came to, from the answer of its apply. Pure: what is stored by now may be
// somebody else's.
import type { ApplyOutput } from '@heddle/shared/api/index'
import { heddleError } from '../errors.ts'

export interface Applied {
  /** null: nothing changed. */
  revision: number | null
  /** What this edit left, for the next one: a later edit of somebody else makes it stale. */
  resourceVersion: string
  warnings: string[]
}

/** `output`: of the apply of one document. @throws HeddleError `invalid` with every mistake. */
export function applied(output: ApplyOutput): Applied {
  const [mistake] = output.mistakes
  if (mistake !== undefined) {
    const place = mistake.path.length === 0 ? '' : `${mistake.path.join('.')}: `
    throw heddleError('invalid', `Nothing was changed. ${place}${mistake.message}`, { mistakes: output.mistakes })
  }
  const version = output.items[0]?.resourceVersion ?? null
  if (version === null) throw new Error('an apply without mistakes answered no version')
  return {
    revision: output.revision,
    resourceVersion: version,
    warnings: output.warnings.map(({ message }) => message),
  }
}
