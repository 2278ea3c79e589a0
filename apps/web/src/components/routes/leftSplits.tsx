// Before harm: requests that a draft of a route takes out of a split, and what share would end. Informs, never blocks.
'use client'
import type { Route } from '@heddle/shared/resources/anyRoute'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSettled } from '@/components/access/useSettled'
import { Button } from '@/components/ui/button'
import { StatusMark } from '@/components/ui/status'
import type { LeftSplit } from '@/server/schemas/routeEdits'
import { useTRPC } from '@/trpc/client'

interface Props {
  service: string
  draft: Route
  /** Puts the backends of the split into the draft; absent where it is only reviewed. */
  onKeep?: (backends: LeftSplit['backends']) => void
}

export function LeftSplits({ service, draft, onKeep }: Readonly<Props>) {
  const trpc = useTRPC()
  const settled = useSettled(draft, JSON.stringify(draft))
  const left = useQuery(
    trpc.traffic.splitsLeft.queryOptions(
      { service, draft: settled },
      { placeholderData: keepPreviousData, retry: false },
    ),
  )
  return (
    <div aria-live="polite">
      {left.data?.map(({ strong, rest, from, backends }) => (
        <div key={strong} className="mt-3 flex gap-2.5 rounded-2 bg-warn-tint px-3 py-2.5">
          <StatusMark state="degraded" className="mt-1" />
          <div>
            <p>
              <span className="font-medium text-warn-text">{strong}</span> {rest}
            </p>
            {onKeep !== undefined && (
              <Button size="small" className="mt-2" onClick={() => onKeep(backends)}>
                Split them as {from} does
              </Button>
            )}
          </div>
        </div>
      ))}
    </div>
  )
}
