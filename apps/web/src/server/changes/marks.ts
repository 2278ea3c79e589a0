// Changes as charts, headers and lists mention them: who, when, what in words.
import { type Database, listChanges } from '@heddle/db'
import type { Change } from '@heddle/shared/api/index'
import type { ChangeMark } from '../schemas/numbers.ts'

export function markOf({ revision, at, actor, summary }: Change): ChangeMark {
  return { revision, at, actor, summary }
}

/** Changes of configuration, newest first: what a person did, not that proxies joined. */
export async function changeMarks(db: Database, query: { limit: number; service?: string }): Promise<ChangeMark[]> {
  // A fresh mesh begins with a join for each service; those are looked past.
  const changes = await listChanges(db, { ...query, limit: Math.min(500, query.limit * 5) })
  return changes.filter(isOfConfiguration).slice(0, query.limit).map(markOf)
}

/** Marks within a stretch of time, newest first. */
export async function marksBetween(
  db: Database,
  query: { service: string; from: number; to: number },
): Promise<ChangeMark[]> {
  const changes = await listChanges(db, { limit: 200, service: query.service })
  return changes
    .filter((change) => isOfConfiguration(change) && change.at >= query.from && change.at <= query.to)
    .map(markOf)
}

function isOfConfiguration({ kind }: Change): boolean {
  return kind === 'apply' || kind === 'delete' || kind === 'revert' || kind === 'revocation'
}
