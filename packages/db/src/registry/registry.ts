// Who is there. What callers can see changes under the mesh's one revision, with a NOTIFY; renewals are silent.
// All times are Postgres' own, so that several control planes and their clocks agree.
import { derivedName } from '@heddle/shared'
import { ensureService } from '../changes/ensureService.ts'
import { lockMesh, nextRevision } from '../configuration/revision.ts'
import type { Database, Transaction } from '../connection/database.ts'
import { NameClashError } from '../errors.ts'
import { GRACE_MS, type Instance, LEASE_MS, type Registration, toInstance } from './instance.ts'

export interface MembershipChange {
  /** The new revision; null where callers see no difference. */
  revision: number | null
}

const UNCHANGED: MembershipChange = { revision: null }

/** What callers see of a row; equal before and after means that nobody has to be told. */
const visible = ({ service, version, hostId, inbound, offered }: Instance): string =>
  JSON.stringify([service, version, hostId, offered ? inbound : null])

async function find(tx: Transaction, instance: string): Promise<Instance | null> {
  const row = await tx.instance.findUnique({ where: { instance } })
  return row === null ? null : toInstance(row)
}

/**
 * Registers or re-registers an instance from its hello and starts its lease: it is no longer withdrawn or lapsed.
 * Makes the Service and the derived name where they are missing. Throws NameClashError where the derived name is taken,
 * or where the instance id belongs to another service.
 */
export function upsertInstance(db: Database, registration: Registration): Promise<MembershipChange> {
  const { instance, service, version, inbound, controlId } = registration
  return db.transaction(async (tx) => {
    await lockMesh(tx)
    const before = await find(tx, instance)
    if (before !== null && (before.service !== service || before.version !== version)) {
      const message = `The instance "${instance}" is one of ${before.service} ${before.version}, not of ${service} ${version}.`
      throw new NameClashError(instance, message)
    }
    await ensureService(tx, { service, version, actor: instance })
    const data = {
      hostId: registration.hostId,
      bootId: registration.bootId,
      outbound: registration.outbound,
      admin: registration.admin,
      ready: registration.ready,
      build: registration.build,
      controlId,
      address: inbound?.address ?? null,
      port: inbound?.port ?? null,
      publicPort: inbound?.public ?? null,
      readyReason: null,
      lapsedAt: null,
      withdrawnAt: null,
    }
    // The lease begins by the database's clock, right below.
    const leaseUntil = new Date(0)
    await tx.instance.upsert({
      where: { instance },
      create: { instance, service, version, leaseUntil, ...data },
      update: data,
    })
    await extendLeases(tx, controlId, [instance])
    const after = await find(tx, instance)
    if (after !== null && before !== null && visible(before) === visible(after)) return UNCHANGED
    // A client only is nobody's endpoint, but the console shows it: it is told of as well.
    return { revision: await nextRevision(tx) }
  })
}

/**
 * Hellos of instances of which callers see nothing new: one statement, nobody waits for anybody's lock on the mesh.
 * Answers those; the others (new, changed, withdrawn, lapsed, without their names) have to be given to upsertInstance.
 */
export async function registerUnchanged(db: Database, registrations: readonly Registration[]): Promise<Set<string>> {
  const given = registrations.map(({ inbound, hostId, bootId, controlId, ...same }) => ({
    ...same,
    host_id: hostId,
    boot_id: bootId,
    control_id: controlId,
    address: inbound?.address ?? null,
    port: inbound?.port ?? null,
    public_port: inbound?.public ?? null,
    derived: derivedName(same.service, same.version),
  }))
  const { rows } = await db.pool.query<{ instance: string }>(
    `WITH given AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (
         instance text, service text, version text, host_id text, boot_id text, control_id text, address text,
         port integer, public_port integer, outbound integer, admin integer, ready boolean, build text, derived text)
     ), held AS (
       SELECT i."instance" FROM "instance" AS i JOIN given AS g ON g.instance = i."instance"
       WHERE i."service" = g.service AND i."version" = g.version AND i."host_id" = g.host_id AND i."ready" = g.ready
         AND (i."address", i."port", i."public_port") IS NOT DISTINCT FROM (g.address, g.port, g.public_port)
         AND i."lapsed_at" IS NULL AND i."withdrawn_at" IS NULL
         AND EXISTS (SELECT 1 FROM "name" AS n WHERE n."name" = g.service AND n."version" IS NULL)
         AND EXISTS (SELECT 1 FROM "name" AS n
                     WHERE n."name" = g.derived AND n."service" = g.service AND n."version" = g.version)
       ORDER BY 1 FOR UPDATE OF i
     )
     UPDATE "instance" AS i
     SET "boot_id" = g.boot_id, "outbound" = g.outbound, "admin" = g.admin, "build" = g.build, "ready_reason" = NULL,
         "control_id" = g.control_id, "lease_until" = clock_timestamp() + $2 * interval '1 millisecond'
     FROM held JOIN given AS g ON g.instance = held."instance"
     WHERE i."instance" = held."instance"
     RETURNING i."instance"`,
    [JSON.stringify(given), LEASE_MS],
  )
  return new Set(rows.map(({ instance }) => instance))
}

/** Readiness of the app behind the proxy. An unknown instance changes nothing. */
export function setReady(
  db: Database,
  input: { instance: string; ready: boolean; reason: string | null },
): Promise<MembershipChange> {
  const { instance, ready, reason } = input
  return db.transaction(async (tx) => {
    await lockMesh(tx)
    const before = await find(tx, instance)
    if (before === null) return UNCHANGED
    await tx.instance.update({ where: { instance }, data: { ready, readyReason: reason } })
    return before.ready === ready ? UNCHANGED : { revision: await nextRevision(tx) }
  })
}

/** Answers who was found. Rows are locked in one order, so that two control planes cannot block each other. */
async function extendLeases(tx: Transaction, controlId: string, instances: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ instance: string }[]>`
    WITH held AS (SELECT "instance" FROM "instance" WHERE "instance" = ANY(${instances}::text[]) ORDER BY 1 FOR UPDATE)
    UPDATE "instance" SET "lease_until" = clock_timestamp() + ${LEASE_MS} * interval '1 millisecond', "control_id" = ${controlId}
    FROM held WHERE held."instance" = "instance"."instance"
    RETURNING "instance"."instance"`
  return rows.map((row) => row.instance)
}

/**
 * Renews the leases of everyone connected, in one statement. Lapsed ones come back (and count as a change); withdrawn
 * ones stay withdrawn. `unknown`: those without a row, who have to say hello again.
 */
export function renewLeases(
  db: Database,
  input: { controlId: string; instances: readonly string[] },
): Promise<MembershipChange & { unknown: string[] }> {
  const { controlId, instances } = input
  if (instances.length === 0) return Promise.resolve({ revision: null, unknown: [] })
  return db.transaction(async (tx) => {
    const lapsed = { instance: { in: [...instances] }, lapsedAt: { not: null }, withdrawnAt: null }
    const somebodyReturns = (await tx.instance.findFirst({ where: lapsed, select: { instance: true } })) !== null
    if (somebodyReturns) await lockMesh(tx)
    const found = new Set(await extendLeases(tx, controlId, instances))
    const unknown = instances.filter((instance) => !found.has(instance))
    if (!somebodyReturns) return { revision: null, unknown }
    await tx.instance.updateMany({ where: lapsed, data: { lapsedAt: null } })
    return { revision: await nextRevision(tx), unknown }
  })
}

/** The instance leaves on its own accord. Callers lose it at once. */
export function withdrawInstance(db: Database, instance: string): Promise<MembershipChange> {
  return db.transaction(async (tx) => {
    await lockMesh(tx)
    const left = await tx.$executeRaw`
      UPDATE "instance" SET "withdrawn_at" = clock_timestamp()
      WHERE "instance" = ${instance} AND "withdrawn_at" IS NULL`
    return left === 0 ? UNCHANGED : { revision: await nextRevision(tx) }
  })
}

/** Keeps every lease for GRACE_MS from now: after a control plane's start, or when Postgres came back. */
export async function startGrace(db: Database): Promise<void> {
  await db.pool.query(
    `INSERT INTO "grace" ("id", "until") VALUES (1, clock_timestamp() + $1 * interval '1 millisecond')
     ON CONFLICT ("id") DO UPDATE SET "until" = greatest("grace"."until", EXCLUDED."until")`,
    [GRACE_MS],
  )
}

/** By service and instance. */
export async function listInstances(db: Database): Promise<Instance[]> {
  const rows = await db.prisma.instance.findMany({ orderBy: [{ service: 'asc' }, { instance: 'asc' }] })
  return rows.map(toInstance)
}
