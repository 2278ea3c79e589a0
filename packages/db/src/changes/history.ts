// Reading the list of changes.
import {
  isRoute,
  kindSchema,
  type Resource,
  type ResourceRef,
  ROUTE_KINDS,
  type Route,
  resourceSchema,
} from '@heddle/shared'
import type { ChangeTopic } from '@heddle/shared/api/changeTopics'
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

export interface ChangeQuery {
  limit: number
  /** Only revisions below it. */
  before?: number | undefined
  /** Changes that concern this service. */
  service?: string | undefined
  about?: ChangeTopic | undefined
  actor?: string | undefined
  /** Words that must all be found. */
  search?: string | undefined
}

const TOPIC: Readonly<Record<ChangeTopic, Prisma.ChangeWhereInput>> = {
  routes: { items: { some: { kind: { in: [...ROUTE_KINDS] } } } },
  services: { items: { some: { kind: 'Service' } } },
  access: { OR: [{ items: { some: { kind: 'AccessRule' } } }, { kind: 'revocation' }] },
  mesh: { OR: [{ items: { some: { kind: 'MeshSettings' } } }, { kind: 'ca' }] },
  people: { kind: { in: ['user', 'token', 'join'] satisfies Change['kind'][] } },
}
const MOST_WORDS = 8

/** A word is looked for in the summary, among names, and `r4812` among the revisions. */
function wordCondition(word: string): Prisma.ChangeWhereInput {
  const contains = { contains: word.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' } as const
  const revision = /^r(\d{1,15})$/i.exec(word.replaceAll(',', ''))?.[1]
  return {
    OR: [
      { summary: contains },
      { items: { some: { name: contains } } },
      ...(revision === undefined ? [] : [{ revision: Number(revision) }]),
    ],
  }
}

/** Newest first. */
export async function listChanges(db: Database, query: ChangeQuery): Promise<Change[]> {
  const { limit, before, service, about, actor, search = '' } = query
  const words = search.split(/\s+/).filter(Boolean).slice(0, MOST_WORDS)
  const rows = await db.prisma.change.findMany({
    where: {
      ...(before === undefined ? {} : { revision: { lt: before } }),
      ...(service === undefined ? {} : { items: { some: { services: { has: service } } } }),
      ...(actor === undefined ? {} : { actor }),
      AND: [...(about === undefined ? [] : [TOPIC[about]]), ...words.map(wordCondition)],
    },
    include: withItems,
    orderBy: { revision: 'desc' },
    take: limit,
  })
  return toChanges(db.prisma, rows)
}

const MOST_ACTORS = 200

/** Everybody who has changed something, by name. */
export async function listActors(db: Database): Promise<string[]> {
  const rows = await db.prisma.change.findMany({
    // A token's own joins are many and nobody looks for them by name.
    where: { kind: { not: 'join' } },
    distinct: ['actor'],
    select: { actor: true },
    orderBy: { actor: 'asc' },
    take: MOST_ACTORS,
  })
  return rows.map(({ actor }) => actor)
}

export async function getChange(db: Database, revision: number): Promise<Change | null> {
  const row = await findChange(db.prisma, revision)
  return row === null ? null : ((await toChanges(db.prisma, [row]))[0] ?? null)
}

/** When a change was made, and which services it is about. */
export interface ChangedServices {
  revision: number
  /** Milliseconds since the epoch. */
  at: number
  services: string[]
}

/** Of these revisions those that exist, newest first. */
export async function changedServices(db: Database, revisions: readonly number[]): Promise<ChangedServices[]> {
  const rows = await db.prisma.change.findMany({
    where: { revision: { in: [...revisions] } },
    select: { revision: true, at: true, items: { select: { services: true }, orderBy: { position: 'asc' } } },
    orderBy: { revision: 'desc' },
  })
  return rows.map(({ revision, at, items }) => ({
    revision: Number(revision),
    at: at.getTime(),
    services: [...new Set(items.flatMap(({ services }) => services))],
  }))
}

/** One route before and after a change of it. */
export interface RouteChange {
  name: string
  revision: number
  /** Milliseconds since the epoch. */
  at: number
  actor: string
  summary: string
  before: Route | null
  after: Route | null
}

/** The last changes of these routes, newest first. */
export async function routeChanges(
  db: Database,
  { names, limit }: { names: readonly string[]; limit: number },
): Promise<RouteChange[]> {
  if (names.length === 0) return []
  const items = await db.prisma.changeItem.findMany({
    where: { kind: { in: [...ROUTE_KINDS] }, name: { in: [...names] } },
    include: { change: true },
    orderBy: { revision: 'desc' },
    take: limit,
  })
  const route = (json: unknown): Route | null => {
    const resource = json === null ? null : resourceSchema.parse(json)
    return resource !== null && isRoute(resource) ? resource : null
  }
  return items.map(({ name, before, after, change }) => ({
    name,
    revision: Number(change.revision),
    at: change.at.getTime(),
    actor: change.actor,
    summary: change.summary,
    before: route(before),
    after: route(after),
  }))
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
