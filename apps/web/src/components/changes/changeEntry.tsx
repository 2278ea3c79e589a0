// One change on the timeline: when, what, on what, who; open, its diff and its revert with what that would do now.
'use client'
import type { Change } from '@heddle/shared/api/index'
import { useQuery } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { usePermission } from '@/components/frame/usePermission'
import { useZone } from '@/components/frame/useZone'
import { useUndo } from '@/components/traffic/useUndo'
import { Button } from '@/components/ui/button'
import { GuardedButton } from '@/components/ui/permission'
import { YamlDiff } from '@/components/ui/resourceDiff'
import { Bone } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import { targetOf } from '@/data/changeList'
import { formatRevision } from '@/data/numbers'
import { clockSeconds } from '@/data/timeRange'
import { zoneName } from '@/data/zone'
import type { ChangeEffect } from '@/server/schemas/changeEffects'
import { useTRPC } from '@/trpc/client'
import { Acknowledged, EffectDetail, SparkAround, SuccessAround } from './effect'

interface Props {
  change: Change
  /** What became of it; undefined: not known. */
  effect: ChangeEffect | undefined
  /** What became of it is asked for. */
  isAsked: boolean
  isOpen: boolean
  onToggle: () => void
}

/** The words come first: what is left of the width goes to who, then to what became of it, then to what it was on. */
export const CHANGE_GRID =
  'grid min-h-10 py-1 grid-cols-[76px_minmax(0,1fr)_minmax(60px,110px)_64px] items-center gap-x-4 lg:grid-cols-[76px_minmax(0,1fr)_minmax(60px,110px)_60px_116px_64px] xl:grid-cols-[76px_minmax(0,1fr)_minmax(80px,120px)_minmax(60px,110px)_60px_44px_116px_64px] min-[1400px]:grid-cols-[76px_minmax(0,1fr)_minmax(90px,140px)_minmax(60px,120px)_60px_44px_116px_124px_64px] hover:bg-hover focus-visible:outline-offset-[-2px] max-md:grid-cols-[1fr_auto] max-md:gap-y-0.5 max-md:py-2.5 max-md:text-14'

/** The eye on the wire; a minor one is smaller. */
export function Eye({ isMinor = false }: Readonly<{ isMinor?: boolean }>) {
  return (
    <svg viewBox="0 0 12 18" width={12} height={18} aria-hidden className="absolute top-[11px] left-0">
      <rect
        x={isMinor ? 3.5 : 2.5}
        y={isMinor ? 5 : 2}
        width={isMinor ? 5 : 7}
        height={isMinor ? 8 : 14}
        rx={isMinor ? 2.5 : 3.5}
        fill="var(--canvas)"
        stroke="var(--text-2)"
        strokeWidth={1.4}
      />
    </svg>
  )
}

/** The heads of the timeline's columns, for those who see them. `at`: a time of the zone that they name. */
export function ChangeHeads({ at }: Readonly<{ at: number }>) {
  const [zone] = useZone()
  return (
    <div
      aria-hidden
      className={`${CHANGE_GRID} pointer-events-none border-line-strong border-b font-medium text-12 text-ink-2 max-md:hidden md:ml-7`}
    >
      <span>When, {zoneName(at, zone)}</span>
      <span>What</span>
      <span className="max-xl:hidden">On</span>
      <span>Who</span>
      <span className="text-right max-lg:hidden">Revision</span>
      <span className="text-right max-xl:hidden">Acked</span>
      <span className="text-right max-lg:hidden">Success %</span>
      <span className="whitespace-nowrap max-[1399px]:hidden">10 min before, after</span>
      <span />
    </div>
  )
}

export function ChangeEntry({ change, effect, isAsked, isOpen, onToggle }: Readonly<Props>) {
  const [zone] = useZone()
  return (
    <li id={`change-${change.revision}`} className="relative pl-7">
      <Eye />
      <h3 className={isOpen ? '' : 'border-line border-b'}>
        <button type="button" aria-expanded={isOpen} onClick={onToggle} className={`${CHANGE_GRID} w-full text-left`}>
          <span className="text-ink-2 max-md:text-13">
            {clockSeconds(change.at, zone)}
            <span className="md:sr-only"> {zoneName(change.at, zone)}</span>
          </span>
          <bdi className="[overflow-wrap:anywhere] max-md:col-span-2 max-md:row-start-2">{change.summary}</bdi>
          <bdi className="truncate font-medium max-xl:hidden" title={targetOf(change)}>
            {targetOf(change)}
          </bdi>
          <bdi className="[overflow-wrap:anywhere] max-md:text-right">{change.actor}</bdi>
          <span className="text-right text-ink-2 max-lg:hidden">{formatRevision(change.revision)}</span>
          <span className="text-right max-xl:hidden">
            {isAsked ? <Bone className="h-2.5 w-7" /> : <Acknowledged effect={effect} />}
          </span>
          <span className="text-right max-lg:hidden">
            {isAsked ? <Bone className="h-2.5 w-24" /> : <SuccessAround effect={effect} />}
          </span>
          <span className="max-[1399px]:hidden">
            <SparkAround effect={effect} />
          </span>
          <span className="text-right font-medium text-accent-text max-md:hidden">
            {isOpen ? 'Close' : <Offered isRevertable={change.revertable} />}
          </span>
        </button>
      </h3>
      {isOpen && <ChangeDetail change={change} effect={effect} />}
    </li>
  )
}

/** What opening it offers: reverting, or, for who may not, the lock and why. */
function Offered({ isRevertable }: Readonly<{ isRevertable: boolean }>) {
  const permission = usePermission('change.revert')
  if (!isRevertable) return <span className="font-normal text-ink-3">Show</span>
  if (permission?.allowed !== false) return 'Revert…'
  return (
    <span className="inline-flex items-center gap-1 font-normal text-ink-3" title={permission.reason}>
      <Lock size={12} aria-hidden />
      Revert…<span className="sr-only"> {permission.reason}</span>
    </span>
  )
}

function ChangeDetail({ change, effect }: Readonly<Pick<Props, 'change' | 'effect'>>) {
  const trpc = useTRPC()
  const detail = useQuery(trpc.changes.get.queryOptions({ revision: change.revision }))
  const undo = useUndo(() => undefined)
  if (detail.data === undefined)
    return detail.isError ? (
      <PanelError what="This change" error={detail.error} onRetry={() => void detail.refetch()} />
    ) : (
      <div className="h-40" />
    )
  const { revert } = detail.data
  const conflicts = revert?.items.filter((item) => item.conflict !== null) ?? []
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,280px),1fr))] gap-x-8 gap-y-4 border-line border-b pb-5">
      <section aria-label="What it changed" className="min-w-0">
        <h4 className="pt-1 pb-2 text-12 text-ink-2">What it changed</h4>
        {change.items.length === 0 && (
          <p className="text-ink-2">Nothing of the configuration: it is kept for the record.</p>
        )}
        <div className="flex flex-col gap-3">
          {change.items.map((item) => (
            <ItemDiff
              key={`${item.ref.kind} ${item.ref.name}`}
              name={item.ref}
              before={item.before}
              after={item.after}
            />
          ))}
        </div>
      </section>
      <section aria-label="What reverting it would do now" className="min-w-0">
        <h4 className="pt-1 pb-2 text-12 text-ink-2">What reverting it would do now</h4>
        {revert === null ? (
          <p className="text-ink-2">This is kept for the record and cannot be reverted.</p>
        ) : !change.revertable && conflicts.length === 0 ? (
          <p className="text-ink-2">It has been reverted already, or what it changed has been changed since.</p>
        ) : (
          <>
            <div className="flex flex-col gap-3">
              {revert.items
                .filter((item) => item.conflict === null)
                .map((item) => (
                  <ItemDiff
                    key={`${item.ref.kind} ${item.ref.name}`}
                    name={item.ref}
                    before={item.current}
                    after={item.restored}
                  />
                ))}
            </div>
            {conflicts.map((item) => (
              <p key={`${item.ref.kind} ${item.ref.name}`} className="mt-2 flex gap-2.5">
                <StatusMark state="degraded" className="mt-1" />
                <span>{item.conflict}</span>
              </p>
            ))}
            <div className="mt-3 flex items-center gap-3">
              {conflicts.length === 0 ? (
                <GuardedButton
                  permission={revert.permitted}
                  look="primary"
                  disabled={undo.isPending}
                  onClick={() => undo.mutate({ revision: change.revision })}
                >
                  Revert {formatRevision(change.revision)}
                </GuardedButton>
              ) : (
                <Button disabled>Revert {formatRevision(change.revision)}</Button>
              )}
              <span className="text-ink-2">
                {conflicts.length === 0
                  ? 'Nothing else has touched it since, so it can be reverted alone.'
                  : 'Revert what came later first.'}
              </span>
            </div>
          </>
        )}
      </section>
      <EffectDetail effect={effect} target={targetOf(change)} />
    </div>
  )
}

interface ItemProps {
  name: { kind: string; name: string }
  before: unknown
  after: unknown
}

function ItemDiff({ name, before, after }: Readonly<ItemProps>) {
  return (
    <div>
      <p className="pb-1">
        {name.kind} <span className="font-medium">{name.name}</span>
        <span className="text-ink-3">{before === null ? ' is made' : after === null ? ' is deleted' : ''}</span>
      </p>
      <YamlDiff before={before} after={after} />
    </div>
  )
}
