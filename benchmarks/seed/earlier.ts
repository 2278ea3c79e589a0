// What is in the database already: nothing, a mesh that an earlier seeding made, or somebody's.
import type { Database } from '@heddle/db'
import type { SeedOptions } from './options.ts'
import type { Document } from './resources.ts'

/** On the resource MeshSettings: how the mesh was made. */
export const SEED_ANNOTATION = 'heddle.dev/seed'

export type MadeOf = Pick<SeedOptions, 'services' | 'proxies' | 'routes' | 'seed'>

export type Earlier =
  | { kind: 'empty' }
  /** `until`: end of the newest made bucket. */
  | { kind: 'seeded'; made: MadeOf; until: number }
  | { kind: 'foreign'; resources: number }

export function settingsDocument({ services, proxies, routes, seed }: MadeOf): Document {
  const annotation = JSON.stringify({ services, proxies, routes, seed })
  return {
    apiVersion: 'heddle.dev/v1',
    kind: 'MeshSettings',
    metadata: { name: 'mesh', annotations: { [SEED_ANNOTATION]: annotation } },
    spec: {},
  }
}

export async function findEarlier(db: Database): Promise<Earlier> {
  const { rows } = await db.pool.query<{ resources: string; made: string | null }>(
    `SELECT count(*) AS resources,
            max("document" -> 'metadata' -> 'annotations' ->> $1) FILTER (WHERE "kind" = 'MeshSettings') AS made
     FROM "resource"`,
    [SEED_ANNOTATION],
  )
  const [found] = rows
  if (found === undefined || Number(found.resources) === 0) return { kind: 'empty' }
  if (found.made === null) return { kind: 'foreign', resources: Number(found.resources) }
  const newest = await db.pool.query<{ until: Date | null }>(
    `SELECT max("at") + interval '10 seconds' AS until FROM "metrics"."edge_10s" WHERE "control_id" LIKE 'seed-%'`,
  )
  return { kind: 'seeded', made: JSON.parse(found.made) as MadeOf, until: newest.rows[0]?.until?.getTime() ?? 0 }
}
