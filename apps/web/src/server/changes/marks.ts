// Changes as charts, headers and lists mention them: who, when, what in words.
import { type Database, listMarks } from '@heddle/db'
import type { Change } from '@heddle/shared/api/index'
import type { ChangeMark } from '../schemas/numbers.ts'

/** What a person did, not that proxies joined. */
const OF_CONFIGURATION = ['apply', 'delete', 'revert', 'revocation'] as const satisfies Change['kind'][]
/** On one chart. */
const MOST_MARKS = 200

export function markOf({ revision, at, actor, summary }: ChangeMark): ChangeMark {
  return { revision, at, actor, summary }
}

/** Changes of configuration, newest first. */
export function changeMarks(db: Database, query: { limit: number; service?: string }): Promise<ChangeMark[]> {
  return listMarks(db, { ...query, kinds: OF_CONFIGURATION })
}

/** Marks within a stretch of time, newest first. */
export function marksBetween(
  db: Database,
  query: { service: string; from: number; to: number },
): Promise<ChangeMark[]> {
  return listMarks(db, { ...query, limit: MOST_MARKS, kinds: OF_CONFIGURATION })
}

/** The changes that last wrote these resources, by revision. */
export async function lastChangesOf(
  db: Database,
  written: readonly { revision: number }[],
): Promise<ReadonlyMap<number, ChangeMark>> {
  const revisions = written.map(({ revision }) => revision)
  const marks = revisions.length === 0 ? [] : await listMarks(db, { limit: revisions.length, revisions })
  return new Map(marks.map((mark) => [mark.revision, mark]))
}
