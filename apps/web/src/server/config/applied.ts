// What an edit of one resource through a page came to, from the answer of an apply.
import type { ApplyOutput } from '@heddle/shared/api/index'
import type { ResourceRef } from '@heddle/shared/resources/index'
import type { Console } from '../console.ts'
import { heddleError } from '../errors.ts'

export interface Applied {
  /** null: nothing changed. */
  revision: number | null
  resourceVersion: string
  warnings: string[]
}

/** @throws HeddleError `invalid` with every mistake. */
export async function applied(console: Console, output: ApplyOutput, ref: ResourceRef): Promise<Applied> {
  const [mistake] = output.mistakes
  if (mistake !== undefined) {
    const place = mistake.path.length === 0 ? '' : `${mistake.path.join('.')}: `
    throw heddleError('invalid', `Nothing was changed. ${place}${mistake.message}`, { mistakes: output.mistakes })
  }
  const mesh = await console.mesh.current()
  const stored = mesh.resources.find(
    ({ resource }) => resource.kind === ref.kind && resource.metadata.name === ref.name,
  )
  return {
    revision: output.revision,
    resourceVersion: String(stored?.version ?? 0),
    warnings: output.warnings.map(({ message }) => message),
  }
}
