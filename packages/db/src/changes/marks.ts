// Changes as charts, headers and lists mention them: without what was changed, which is most of a change.
import { ROUTE_KINDS } from '@heddle/shared'
import type { Change } from '@heddle/shared/api/index'
import type { Database } from '../connection/database.ts'

export interface Mark {
  revision: number
  /** Milliseconds since the epoch. */
  at: number
  actor: string
  summary: string
}

export interface MarkQuery {
  limit: number
  kinds?: readonly Change['kind'][] | undefined
  /** Changes that concern this service. */
  service?: string | undefined
  /** Changes that have a route among their items. */
  hasRoute?: true | undefined
  /** Milliseconds since the epoch, both included. */
  from?: number | undefined
  to?: number | undefined
  /** Only these revisions. */
  revisions?: readonly number[] | undefined
}

/** Newest first. */
export async function listMarks(
  db: Database,
  { limit, kinds, service, hasRoute, from, to, revisions }: MarkQuery,
): Promise<Mark[]> {
  const isAboutItems = service !== undefined || hasRoute === true
  const rows = await db.prisma.change.findMany({
    where: {
      ...(kinds && { kind: { in: [...kinds] } }),
      ...(revisions && { revision: { in: [...new Set(revisions)] } }),
      at: { ...(from !== undefined && { gte: new Date(from) }), ...(to !== undefined && { lte: new Date(to) }) },
      ...(isAboutItems && {
        items: {
          some: {
            ...(service !== undefined && { services: { has: service } }),
            ...(hasRoute === true && { kind: { in: [...ROUTE_KINDS] } }),
          },
        },
      }),
    },
    select: { revision: true, at: true, actor: true, summary: true },
    orderBy: { revision: 'desc' },
    take: limit,
  })
  return rows.map(({ revision, at, ...row }) => ({ revision: Number(revision), at: at.getTime(), ...row }))
}
