// The traffic of a service: its routes in the order in which they win; the one that is open shows its split editor.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsInteger, parseAsString, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { TableSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { showApplied } from '@/components/ui/toasts'
import { sharesText } from '@/data/shares'
import type { TrafficRule } from '@/server/schemas/traffic'
import { useTRPC } from '@/trpc/client'
import { AppliedStrip } from './appliedStrip'
import { NoRoutes } from './noRoutes'
import { RuleEntry, RuleHeads } from './ruleEntry'
import type { Applied } from './useApply'
import { useUndo } from './useUndo'

const parsers = {
  /** The open rule; "-" when all are closed. */
  rule: parseAsString,
  /** The change whose effect is watched, and its rule. */
  applied: parseAsInteger,
  on: parseAsString,
}

export function TrafficPage({ service }: Readonly<{ service: string }>) {
  const trpc = useTRPC()
  const [view, setView] = useQueryStates(parsers)
  const [before, setBefore] = useState<{ revision: number; shares: readonly number[] } | null>(null)
  const traffic = useQuery(trpc.traffic.get.queryOptions({ service }, { placeholderData: keepPreviousData }))
  const undo = useUndo(() => void setView({ applied: null, on: null }))

  if (traffic.data === undefined)
    return traffic.isError ? (
      <PanelError what="The routes" error={traffic.error} onRetry={() => void traffic.refetch()} />
    ) : (
      <TableSkeleton />
    )
  const page = traffic.data
  if (page.rules.length === 0) return <NoRoutes page={page} />
  const open = view.rule ?? page.rules.find((rule) => rule.backends.length > 1)?.label ?? null
  const watched = page.rules.find((rule) => rule.label === view.on)

  const applied = (rule: TrafficRule, { revision, before: shares, after }: Applied) => {
    setBefore({ revision, shares })
    void setView({ applied: revision, on: rule.label, rule: rule.label })
    showApplied(`Applied ${sharesText(after)} to ${rule.match}`, () => undo.mutate({ revision }))
  }
  return (
    <>
      {traffic.isError && (
        <PanelError what="Newer numbers" error={traffic.error} onRetry={() => void traffic.refetch()} />
      )}
      {view.applied !== null && watched !== undefined && (
        <AppliedStrip
          service={service}
          label={watched.label}
          revision={view.applied}
          objective={page.objective.successRate}
          before={before?.revision === view.applied ? before.shares : null}
          isUndoing={undo.isPending}
          onUndo={() => view.applied !== null && undo.mutate({ revision: view.applied })}
          onClose={() => void setView({ applied: null, on: null })}
        />
      )}
      <section aria-label="Routes">
        <div className="mb-1 flex items-baseline gap-3">
          <h2 className="font-semibold text-14">Routes</h2>
          <span className="text-12 text-ink-2">in the order in which they win</span>
        </div>
        <RuleHeads />
        <ol className="max-md:border-line max-md:border-t">
          {page.rules.map((rule, i) => {
            // A rule with several matches comes several times; its editor opens under the first.
            const isFirst = page.rules.findIndex((other) => other.label === rule.label) === i
            return (
              <RuleEntry
                key={`${rule.label} ${rule.match}`}
                rule={rule}
                page={page}
                place={i + 1}
                isOpen={isFirst && rule.label === open}
                onToggle={() => void setView({ rule: rule.label === open ? '-' : rule.label })}
                onApplied={(result) => applied(rule, result)}
              />
            )
          })}
        </ol>
      </section>
      <p className="sr-only" aria-live="polite">
        {watched === undefined ? '' : `Applied. Now ${sharesText(watched.backends.map((backend) => backend.weight))}`}
      </p>
    </>
  )
}
