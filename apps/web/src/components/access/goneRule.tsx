// Above the editor of a rule that somebody has deleted meanwhile: who, when, and what can be done about it.
'use client'
import { useQuery } from '@tanstack/react-query'
import { TextLink } from '@/components/frame/link'
import { useMoment } from '@/components/frame/useMoment'
import { StatusMark } from '@/components/ui/status'
import type { AccessRow } from '@/data/accessRows'
import { formatRevision } from '@/data/numbers'
import { routes } from '@/lib/routes'
import { useTRPC } from '@/trpc/client'

/** A deletion that is on screen is new: it is looked for among the newest changes. */
const CHANGES_READ = 50

export function GoneRule({ row }: Readonly<{ row: AccessRow }>) {
  const trpc = useTRPC()
  const moment = useMoment()
  const { name } = row.rule.metadata
  const list = useQuery(trpc.changes.list.queryOptions({ limit: CHANGES_READ }))
  const change = list.data?.changes.find(({ items }) =>
    items.some(({ ref, after }) => ref.kind === 'AccessRule' && ref.name === name && after === null),
  )
  return (
    <p role="alert" className="mt-3 flex gap-3 rounded-2 bg-warn-tint px-3 py-2.5 md:ml-8">
      <StatusMark state="degraded" className="mt-1" />
      <span>
        {change === undefined ? (
          <span className="font-medium">{name} was deleted.</span>
        ) : (
          <>
            <span className="font-medium">
              {name} was deleted by <bdi>{change.actor}</bdi>, {moment(change.at)}
            </span>{' '}
            (<TextLink href={routes.change(change.revision)}>{formatRevision(change.revision)}</TextLink>).
          </>
        )}{' '}
        What you have written is still here; adding it makes the rule again.
      </span>
    </p>
  )
}
