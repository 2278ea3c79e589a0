// Before a service's settings are applied: the diff. Before it is deleted: what depends on it. And where somebody was
// faster: what they made of it, and the two ways on.
'use client'
import { useQuery } from '@tanstack/react-query'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Findings } from '@/components/ui/findings'
import { ResourceDiff, YamlDiff } from '@/components/ui/resourceDiff'
import { PanelError } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import { describeFailure } from '@/data/failure'
import { formatRevision, plural } from '@/data/numbers'
import { lengthText } from '@/data/timeRange'
import { useTRPC } from '@/trpc/client'
import type { ServiceChange } from './useServiceChange'

export function ServiceDialogs({ change }: Readonly<{ change: ServiceChange }>) {
  const { reviewed } = change
  return (
    <>
      {reviewed !== null && reviewed.after !== null && <Review change={change} />}
      {reviewed !== null && reviewed.after === null && reviewed.before !== null && (
        <Deletion change={change} name={reviewed.before.metadata.name} />
      )}
      <Conflict change={change} />
    </>
  )
}

function Failed({ change }: Readonly<{ change: ServiceChange }>) {
  return change.error === null ? null : (
    <p role="alert" className="mr-auto text-fail-text">
      {describeFailure(change.error).message}
    </p>
  )
}

function Review({ change }: Readonly<{ change: ServiceChange }>) {
  const trpc = useTRPC()
  const { reviewed } = change
  const proposed = reviewed?.after ?? null
  const diff = useQuery(
    trpc.config.diff.queryOptions(
      { documents: [proposed] },
      { enabled: proposed !== null, retry: false, staleTime: 0 },
    ),
  )
  const { mistakes = [], warnings = [] } = diff.data ?? {}
  if (reviewed?.after == null) return null
  const { before, after } = reviewed
  const { name } = after.metadata
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && change.close()}
      title={before === null ? `Make the service ${name}?` : `Change the settings of ${name}?`}
      footer={
        <>
          <Failed change={change} />
          <Button look="quiet" onClick={change.close}>
            Keep editing
          </Button>
          <Button look="primary" disabled={change.isApplying || mistakes.length > 0} onClick={change.apply}>
            {before === null ? `Make ${name}` : 'Apply settings'}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-14 text-ink-2">
        {before === null
          ? 'Nothing runs yet under this name: it appears with traffic once an instance joins.'
          : 'Every proxy that calls it, and its own, should have them within a second.'}
      </p>
      <Findings mistakes={mistakes} warnings={warnings} />
      <ResourceDiff before={before} after={after} what={`Service ${name}`} />
    </Dialog>
  )
}

function Deletion({ change, name }: Readonly<{ change: ServiceChange; name: string }>) {
  const trpc = useTRPC()
  const dependents = useQuery(trpc.services.dependents.queryOptions({ service: name }, { staleTime: 0, retry: false }))
  const { users = [], instances = [] } = dependents.data ?? {}
  const isHeld = users.length + instances.length > 0
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && change.close()}
      title={isHeld ? `${name} cannot be deleted yet` : `Delete the service ${name}?`}
      footer={
        <>
          <Failed change={change} />
          <Button look="quiet" onClick={change.close}>
            Keep it
          </Button>
          <Button
            look="danger"
            disabled={change.isApplying || dependents.data === undefined || isHeld}
            onClick={change.apply}
          >
            Delete {name}
          </Button>
        </>
      }
    >
      {dependents.isError ? (
        <PanelError what="What depends on it" error={dependents.error} onRetry={() => void dependents.refetch()} />
      ) : dependents.data === undefined ? (
        <p className="text-14 text-ink-2">Looking for what depends on it…</p>
      ) : isHeld ? (
        <>
          <p className="mb-3 text-14 text-ink-2">This depends on it, and goes first:</p>
          <ul className="flex flex-col gap-1.5">
            {users.map((user) => (
              <li key={user} className="flex gap-2.5">
                <StatusMark state="degraded" className="mt-1" />
                {user}
              </li>
            ))}
            {instances.length > 0 && (
              <li className="flex gap-2.5">
                <StatusMark state="degraded" className="mt-1" />
                <span>
                  {plural(instances.length, 'instance')} running: {instances.slice(0, 5).join(', ')}
                  {instances.length > 5 && ' …'}
                </span>
              </li>
            )}
          </ul>
        </>
      ) : (
        <p className="text-14 text-ink-2">
          No route, rule or instance depends on it. Calls to {name} are then answered 502 (no_such_service). Its numbers
          stay, and the change can be reverted.
        </p>
      )}
    </Dialog>
  )
}

function Conflict({ change: { conflict, reviewMine, discardMine } }: Readonly<{ change: ServiceChange }>) {
  if (conflict === null) return null
  const made = conflict.data?.change
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={(open) => !open && discardMine()}
      title={
        made === undefined
          ? 'Somebody changed this service. Yours was not applied.'
          : `${made.actor} changed this service ${lengthText(conflict.at - made.at)} ago. Yours was not applied.`
      }
      footer={
        <>
          <Button look="quiet" onClick={discardMine}>
            Discard mine
          </Button>
          <Button look="primary" onClick={reviewMine}>
            Review mine on top of {made === undefined ? 'the newest' : formatRevision(made.revision)}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-14 text-ink-2">{made?.summary ?? conflict.message}</p>
      <p className="pb-1 text-12 text-ink-2">What they changed since you began</p>
      <YamlDiff before={conflict.before} after={conflict.theirs} />
    </Dialog>
  )
}
