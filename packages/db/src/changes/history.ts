// Reading the list of changes.
import { kindSchema, type Resource, type ResourceRef, resourceSchema } from '@heddle/shared'
import { type Change, changeSchema } from '@heddle/shared/api/index'
import { toStored } from '../configuration/storedResource.ts'
import type { Database, Transaction } from '../connection/database.ts'
import type { Prisma } from '../generated/client.ts'
import { keyOf } from './plan.ts'
import { sameMeaning } from './sameMeaning.ts'

const withItems = { items: { orderBy: { position: 'asc' } } } as const satisfies Prisma.ChangeInclude
type Row = Prisma.ChangeGetPayload<{ include: typeof withItems }>

/** These restore what was before; the others (tokens, users, joins) are only told of. */
const REVERTABLE_KINDS: readonly string[] = ['apply', 'delete', 'revert'] satisfies Change['kind'][]

export interface RecordedItem {
  ref: ResourceRef
  before: Resource | null
  after: Resource | null
}

export function itemsOf(row: Row): RecordedItem[] {
  const document = (json: unknown): Resource | null => (json === null ? null : resourceSchema.parse(json))
  return row.items.map(({ kind, name, before, after }) => ({
    ref: { kind: kindSchema.parse(kind), name },
    before: document(before),
    after: document(after),
  }))
}

export const isRevertableKind = (row: Row): boolean => REVERTABLE_KINDS.includes(row.kind) && row.items.length > 0

export async function findChange(tx: Transaction, revision: number): Promise<Row | null> {
  return tx.change.findUnique({ where: { revision }, include: withItems })
}

/** `revertable`: every resource is still as the change left it. */
async function toChanges(tx: Transaction, rows: readonly Row[]): Promise<Change[]> {
  const refs = rows.filter(isRevertableKind).flatMap((row) => row.items.map(({ kind, name }) => ({ kind, name })))
  const unique = [...new Map(refs.map((ref) => [`${ref.kind}/${ref.name}`, ref])).values()]
  const found = unique.length === 0 ? [] : await tx.resource.findMany({ where: { OR: unique } })
  const current = new Map(found.map((row) => [`${row.kind}/${row.name}`, toStored(row).resource]))
  return rows.map((row) => {
    const items = itemsOf(row)
    const unaltered = items.every(({ ref, after }) => sameMeaning(current.get(keyOf(ref)) ?? null, after))
    return changeSchema.parse({
      revision: Number(row.revision),
      at: row.at.getTime(),
      actor: row.actor,
      kind: row.kind,
      summary: row.summary,
      reverts: row.reverts === null ? null : Number(row.reverts),
      revertable: isRevertableKind(row) && unaltered,
      items,
    })
  })
}

/** Newest first. `before`: only revisions below it. `service`: changes that concern this service. */
export async function listChanges(
  db: Database,
  { limit, before, service }: { limit: number; before?: number | undefined; service?: string | undefined },
): Promise<Change[]> {
  const rows = await db.prisma.change.findMany({
    where: {
      ...(before === undefined ? {} : { revision: { lt: before } }),
      ...(service === undefined ? {} : { items: { some: { services: { has: service } } } }),
    },
    include: withItems,
    orderBy: { revision: 'desc' },
    take: limit,
  })
  return toChanges(db.prisma, rows)
}

export async function getChange(db: Database, revision: number): Promise<Change | null> {
  const row = await findChange(db.prisma, revision)
  return row === null ? null : ((await toChanges(db.prisma, [row]))[0] ?? null)
}

/** The last change of one resource; for telling somebody who was faster. */
export async function lastChangeOf(tx: Transaction, { kind, name }: ResourceRef): Promise<Change | null> {
  const row = await tx.change.findFirst({
    where: { items: { some: { kind, name } } },
    include: withItems,
    orderBy: { revision: 'desc' },
  })
  return row === null ? null : ((await toChanges(tx, [row]))[0] ?? null)
}
