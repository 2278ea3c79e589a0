// The made configuration and registry into their tables, in one transaction: a mesh is there whole or not at all.
import type { Database } from '@heddle/db'
import type { PoolClient } from 'pg'
import type { MadeConfiguration } from './history.ts'
import { instancesOf, type MadeService } from './mesh.ts'

/** The made proxies never run: their leases outlast whatever is measured. */
const LEASE = '30 days'
const FIRST_PORT = 20_000

export async function writeMesh(
  db: Database,
  services: readonly MadeService[],
  configuration: MadeConfiguration,
): Promise<void> {
  const client = await db.pool.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query<{ revision: string }>('SELECT "revision" FROM "mesh" WHERE "id" = 1 FOR UPDATE')
    const base = Number(rows[0]?.revision ?? 0)
    await writeConfiguration(client, configuration, base)
    await writeInstances(client, services)
    await client.query('UPDATE "mesh" SET "revision" = $1 WHERE "id" = 1', [base + configuration.changes.length])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

async function writeConfiguration(
  client: PoolClient,
  { changes, resources, names }: MadeConfiguration,
  base: number,
): Promise<void> {
  await client.query(
    `INSERT INTO "name" ("name", "service", "version")
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (name text, service text, version text)`,
    [JSON.stringify(names)],
  )
  await client.query(
    `INSERT INTO "resource" ("kind", "name", "document", "created_at", "revision")
     SELECT kind, name, document, to_timestamp(created / 1000.0), revision
     FROM jsonb_to_recordset($1::jsonb) AS r (kind text, name text, document jsonb, created float8, revision bigint)`,
    [
      JSON.stringify(
        resources.map(({ resource, createdAt, revision }) => ({
          kind: resource.kind,
          name: resource.metadata.name,
          document: resource,
          created: createdAt,
          revision: base + revision,
        })),
      ),
    ],
  )
  await client.query(
    `INSERT INTO "change" ("revision", "at", "actor", "kind", "summary")
     SELECT revision, to_timestamp(at / 1000.0), actor, 'apply', summary
     FROM jsonb_to_recordset($1::jsonb) AS r (revision bigint, at float8, actor text, summary text)`,
    [JSON.stringify(changes.map(({ items: _, ...change }) => ({ ...change, revision: base + change.revision })))],
  )
  const items = changes.flatMap(({ revision, items: changed }) =>
    changed.map(({ ref, before, after, services }, position) => ({
      ...ref,
      revision: base + revision,
      position,
      before,
      after,
      services,
    })),
  )
  await client.query(
    `INSERT INTO "change_item" ("revision", "position", "kind", "name", "before", "after", "services")
     SELECT revision, position, kind, name, nullif(before, 'null'), nullif(after, 'null'),
            ARRAY(SELECT jsonb_array_elements_text(services))
     FROM jsonb_to_recordset($1::jsonb)
       AS r (revision bigint, position integer, kind text, name text, before jsonb, after jsonb, services jsonb)`,
    [JSON.stringify(items)],
  )
}

async function writeInstances(client: PoolClient, services: readonly MadeService[]): Promise<void> {
  const instances = services
    .flatMap((service) => instancesOf(service).map((made) => ({ ...made, service: service.name })))
    .map((made, i) => ({ ...made, address: `10.0.${i >> 8}.${i & 255}`, port: FIRST_PORT + (i % 10_000) }))
  await client.query(
    `INSERT INTO "instance" ("instance", "service", "version", "host_id", "boot_id", "address", "port", "outbound",
                             "admin", "ready", "build", "first_seen_at", "lease_until")
     SELECT instance, service, version, 'seed', 'seed', address, port, 4140, 4191, true, 'seed',
            clock_timestamp() - interval '20 days', clock_timestamp() + interval '${LEASE}'
     FROM jsonb_to_recordset($1::jsonb) AS r (instance text, service text, version text, address text, port integer)`,
    [JSON.stringify(instances)],
  )
  await client.query(
    `INSERT INTO "issued_certificate" ("instance", "service", "serial", "key_sha256", "issuer_id", "not_before", "not_after")
     SELECT instance, service, 'seed', 'seed', 'seed', clock_timestamp() - interval '6 hours', clock_timestamp() + interval '18 hours'
     FROM jsonb_to_recordset($1::jsonb) AS r (instance text, service text)`,
    [JSON.stringify(instances)],
  )
}
