// The traffic of a service: its routes in the order in which they win; the one that is open shows its split editor.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { FileCode, Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { parseAsInteger, parseAsString, useQueryStates } from 'nuqs'
import { useCallback, useState } from 'react'
import { usePermission } from '@/components/frame/usePermission'
import { RouteDialogs } from '@/components/routes/routeDialogs'
import { RuleActs } from '@/components/routes/ruleActs'
import { useRouteChange } from '@/components/routes/useRouteChange'
import { useRouteEditing } from '@/components/routes/useRouteEditing'
import { WhichRoute } from '@/components/routes/whichRoute'
import { Button } from '@/components/ui/button'
import { GuardedButton } from '@/components/ui/permission'
import { TableSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import { showApplied } from '@/components/ui/toasts'
import { sharesText } from '@/data/shares'
import type { TrafficRule } from '@/server/schemas/traffic'
import { useTRPC } from '@/trpc/client'
import { AppliedStrip } from './appliedStrip'
import { RuleEntry } from './ruleEntry'
import { RuleHeads } from './ruleLine'
import type { Applied } from './useApply'
import { useUndo } from './useUndo'

const NoRoutes = dynamic(() => import('./noRoutes').then((module) => module.NoRoutes), { loading: TableSkeleton })
const RoutesYaml = dynamic(() => import('@/components/routes/routesYaml').then((module) => module.RoutesYaml))
const RouteEditor = dynamic(() => import('@/components/routes/routeEditor').then((module) => module.RouteEditor))

const parsers = {
  /** The open rule; "-" when all are closed. */
  rule: parseAsString,
  /** The change whose effect is watched, and its rule where it moved the weights of one. */
  applied: parseAsInteger,
  on: parseAsString,
}

export function TrafficPage({ service }: Readonly<{ service: string }>) {
  const trpc = useTRPC()
  const [view, setView] = useQueryStates(parsers)
  const [showsYaml, setShowsYaml] = useState(false)
  const [before, setBefore] = useState<{ revision: number; shares: readonly number[] } | null>(null)
  const traffic = useQuery(trpc.traffic.get.queryOptions({ service }, { placeholderData: keepPreviousData }))
  // What taking it back did is watched as well.
  const undo = useUndo((revision) => void setView({ applied: revision }))
  const permission = usePermission('route.write')
  const editing = useRouteEditing(service, traffic.data)
  const watch = (revision: number) => void setView({ applied: revision, on: null })
  const change = useRouteChange(editing.close, watch)
  const toggle = useCallback(
    (label: string, isOpen: boolean) => void setView({ rule: isOpen ? '-' : label }),
    [setView],
  )

  if (traffic.data === undefined)
    return traffic.isError ? (
      <PanelError what="The routes" error={traffic.error} onRetry={() => void traffic.refetch()} />
    ) : (
      <TableSkeleton />
    )
  const page = traffic.data
  const isOpaque = page.protocol === 'tcp'
  const open = view.rule ?? page.rules.find((rule) => rule.backends.length > 1)?.label ?? null
  const watched = page.rules.find((rule) => rule.label === view.on)

  const applied = (rule: TrafficRule, { revision, before: shares, after }: Applied) => {
    setBefore({ revision, shares })
    void setView({ applied: revision, on: rule.label, rule: rule.label })
    showApplied(`Applied ${sharesText(after)} to ${rule.match}`, () => undo.mutate({ revision }), revision)
  }
  return (
    <>
      {traffic.isError && (
        <PanelError what="Newer numbers" error={traffic.error} onRetry={() => void traffic.refetch()} />
      )}
      {view.applied !== null && (
        <AppliedStrip
          service={service}
          label={watched?.label ?? null}
          revision={view.applied}
          objective={page.objective.successRate}
          before={before?.revision === view.applied ? before.shares : null}
          isUndoing={undo.isPending}
          onUndo={() => view.applied !== null && undo.mutate({ revision: view.applied })}
          onClose={() => void setView({ applied: null, on: null })}
        />
      )}
      <section aria-label="Routes">
        <div className="mb-1 flex min-h-8 items-center gap-3">
          <h2 className="font-semibold text-14">Routes</h2>
          {page.rules.length > 0 && !isOpaque && (
            <span className="text-12 text-ink-2">in the order in which they win</span>
          )}
          {page.rules.length > 0 && (
            <Button
              look="quiet"
              size="small"
              className="ml-auto"
              aria-expanded={showsYaml}
              onClick={() => setShowsYaml(!showsYaml)}
            >
              <FileCode size={14} aria-hidden />
              {showsYaml ? 'Hide YAML' : 'YAML'}
            </Button>
          )}
          {!isOpaque && (
            <GuardedButton
              permission={permission}
              size="small"
              className={page.rules.length > 0 ? '' : 'ml-auto'}
              disabled={editing.isOpening}
              onClick={() => void editing.open(null)}
            >
              <Plus size={14} aria-hidden />
              Add route
            </GuardedButton>
          )}
        </div>
        {showsYaml && <RoutesYaml kind={page.kind} names={[...new Set(page.rules.map(({ route }) => route))]} />}
        {isOpaque && page.rules.length > 0 && (
          <p className="mb-2 flex max-w-[720px] gap-2.5 text-ink-2">
            <StatusMark state="degraded" className="mt-1" />
            <span>
              {service} takes connections, not requests: its protocol is tcp. These routes do nothing; each connection
              goes as a whole to a ready instance of any version.
            </span>
          </p>
        )}
        {page.ignored.length > 0 && (
          <p className="mb-2 flex max-w-[720px] gap-2.5 text-ink-2">
            <StatusMark state="degraded" className="mt-1" />
            <span>
              HTTPRoute {page.ignored.join(', ')} does nothing here: {service} has GRPCRoutes, and the Gateway API does
              not merge the two kinds.
            </span>
          </p>
        )}
        {editing.opened !== null && editing.opened.edited === null && (
          <RouteEditor service={service} opened={editing.opened} onPropose={change.propose} onClose={editing.close} />
        )}
        {page.rules.length === 0 ? editing.opened === null && <NoRoutes page={page} /> : <RuleHeads />}
        <ol className={page.rules.length === 0 ? '' : 'max-md:border-line max-md:border-t'}>
          {page.rules.map((rule, i) => {
            // A rule with several matches comes several times; its editor opens under the first.
            const isOpen = rule.label === open && page.rules.findIndex(({ label }) => label === rule.label) === i
            return (
              <RuleEntry
                key={`${rule.label} ${rule.match}`}
                rule={rule}
                page={page}
                place={i + 1}
                isOpen={isOpen}
                onToggle={toggle}
                onApplied={(result) => applied(rule, result)}
                acts={
                  isOpen && (
                    <RuleActs
                      page={page}
                      place={i}
                      isOpening={editing.isOpening}
                      change={change}
                      onEdit={() => void editing.open(rule)}
                    />
                  )
                }
                editor={
                  editing.opened?.edited?.rule === rule.rule &&
                  editing.opened.edited.route.metadata.name === rule.route ? (
                    <RouteEditor
                      key={rule.label}
                      service={service}
                      opened={editing.opened}
                      onPropose={change.propose}
                      onClose={editing.close}
                    />
                  ) : null
                }
              />
            )
          })}
        </ol>
      </section>
      {page.rules.length > 0 && editing.opened === null && !isOpaque && (
        <div className="mt-6">
          <WhichRoute service={service} kind={page.kind} />
        </div>
      )}
      <RouteDialogs service={service} change={change} />
      <p className="sr-only" aria-live="polite">
        {watched === undefined ? '' : `Applied. Now ${sharesText(watched.backends.map((backend) => backend.weight))}`}
      </p>
    </>
  )
}
