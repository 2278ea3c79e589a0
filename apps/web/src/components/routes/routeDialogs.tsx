// Before a route is applied: the sentence, what speaks against it, the diff. And where somebody was faster: what they
// made of it, and the two ways on.
'use client'
import { useQuery } from '@tanstack/react-query'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Findings } from '@/components/ui/findings'
import { ResourceDiff, YamlDiff } from '@/components/ui/resourceDiff'
import { describeFailure } from '@/data/failure'
import { formatRevision } from '@/data/numbers'
import { lengthText } from '@/data/timeRange'
import { useTRPC } from '@/trpc/client'
import { LeftSplits } from './leftSplits'
import type { Reviewed, RouteChange } from './useRouteChange'

export function RouteDialogs({ service, change }: Readonly<{ service: string; change: RouteChange }>) {
  return (
    <>
      {change.reviewed !== null && <Review service={service} change={change} reviewed={change.reviewed} />}
      <Conflict change={change} />
    </>
  )
}

function Review({ service, change, reviewed }: Readonly<{ service: string; change: RouteChange; reviewed: Reviewed }>) {
  const trpc = useTRPC()
  const { before, after } = reviewed
  const diff = useQuery(
    trpc.config.diff.queryOptions({ documents: [after] }, { enabled: after !== null, retry: false, staleTime: 0 }),
  )
  const mistakes = diff.data?.mistakes ?? []
  const warnings = diff.data?.warnings ?? []
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && change.close()}
      title={reviewed.title}
      footer={
        <>
          {change.error !== null && (
            <p role="alert" className="mr-auto text-fail-text">
              {describeFailure(change.error).message}
            </p>
          )}
          <Button look="quiet" onClick={change.close}>
            {reviewed.isDeletion === true ? 'Keep it' : 'Keep editing'}
          </Button>
          <Button
            look={reviewed.isDeletion === true || after === null ? 'danger' : 'primary'}
            disabled={change.isApplying || mistakes.length > 0}
            onClick={change.apply}
          >
            {reviewed.act}
          </Button>
        </>
      }
    >
      <div className="mb-4 text-14 text-ink-2">
        {reviewed.sentence(after)}
        {after !== null && <LeftSplits service={service} draft={after} />}
      </div>
      <Findings mistakes={mistakes} warnings={warnings} />
      {after === null ? (
        <YamlDiff before={before} after={null} />
      ) : (
        <ResourceDiff before={before} after={after} what={`${reviewed.kind} ${reviewed.name}`} />
      )}
    </Dialog>
  )
}

function Conflict({ change: { conflict, reviewMine, discardMine } }: Readonly<{ change: RouteChange }>) {
  if (conflict === null) return null
  const { reviewed, theirs, data } = conflict
  const made = data?.change
  const name = made === undefined ? 'the newest' : formatRevision(made.revision)
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={(open) => !open && discardMine()}
      title={
        made === undefined
          ? 'Somebody changed this route. Yours was not applied.'
          : `${made.actor} changed this route ${lengthText(conflict.at - made.at)} ago. Yours was not applied.`
      }
      footer={
        <>
          <Button look="quiet" onClick={discardMine}>
            Discard mine
          </Button>
          <Button look="primary" onClick={reviewMine}>
            Review mine on top of {name}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-14 text-ink-2">{made?.summary ?? conflict.message}</p>
      <p className="pb-1 text-12 text-ink-2">What they changed since you began</p>
      <YamlDiff before={reviewed.before} after={theirs} />
    </Dialog>
  )
}
