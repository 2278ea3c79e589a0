// Access: what was denied, who calls whom, a box that tells whether a call may pass, and the rules with their hits. A
// rule opens in place and reads as a sentence.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useCallback, useMemo, useState } from 'react'
import { usePermission } from '@/components/frame/usePermission'
import { useRange } from '@/components/frame/useRange'
import { Button } from '@/components/ui/button'
import { FilterField } from '@/components/ui/filterField'
import { GuardedButton } from '@/components/ui/permission'
import { Segmented } from '@/components/ui/segmented'
import { PageSkeleton, TableSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { type AccessRow, accessRows, nameOf } from '@/data/accessRows'
import { type Hold, heldRows, holdOf } from '@/data/heldRows'
import { formatCount, NBSP } from '@/data/numbers'
import { lengthText } from '@/data/timeRange'
import { whoMayCall } from '@/data/whoMayCall'
import { useTRPC } from '@/trpc/client'
import { AskPanel } from './askPanel'
import { GoneRule } from './goneRule'
import { RuleList } from './ruleList'

const RuleEditor = dynamic(() => import('./ruleEditor').then((module) => module.RuleEditor), { loading: TableSkeleton })

const parsers = {
  /** The open rule; "+" for a new one. */
  rule: parseAsString,
  filter: parseAsString.withDefault(''),
  show: parseAsStringLiteral(['all', 'audit', 'unused']).withDefault('all'),
}

const isUnused = (row: AccessRow) => row.unusedSince !== null

export function AccessPage({ service }: Readonly<{ service?: string }>) {
  const trpc = useTRPC()
  const range = useRange()
  const permission = usePermission('rule.write')
  const [view, setView] = useQueryStates(parsers)
  const toggle = useCallback(
    (name: string) => void setView(({ rule }) => ({ rule: rule === name ? null : name })),
    [setView],
  )
  const target = service === undefined ? {} : { service }
  const rules = useQuery(trpc.access.rules.queryOptions(target, { placeholderData: keepPreviousData }))
  const hits = useQuery(
    trpc.access.hits.queryOptions({ range: range.input, ...target }, { placeholderData: keepPreviousData }),
  )
  const rows = useMemo(() => accessRows(rules.data?.rows ?? [], hits.data?.rules), [rules.data, hits.data])
  const kept = rows.filter(
    (row) =>
      (view.show === 'all' || (view.show === 'audit' ? row.mode === 'audit' : isUnused(row))) &&
      `${nameOf(row)} ${row.sentence}`.toLowerCase().includes(view.filter.toLowerCase()),
  )
  // Hits reorder the list and others edit it, but nothing moves or disappears under somebody who is typing.
  const [hold, setHold] = useState<Hold<AccessRow> | null>(null)
  const open = rules.data === undefined || view.rule === '+' ? null : view.rule
  const held = holdOf(hold, { rows, kept, open, nameOf })
  if (held !== hold) setHold(held)
  const shown = heldRows(held, { kept, nameOf })
  const Title = service === undefined ? 'h1' : 'h2'
  const failed = [rules, hits].find(({ isError }) => isError)
  const readAgain = () => void Promise.all([rules.refetch(), hits.refetch()])
  if (rules.data === undefined || hits.data === undefined)
    return (
      <>
        <Title className={failed === undefined ? 'sr-only' : 'mb-4 font-semibold text-20'}>Access</Title>
        {failed !== undefined ? (
          <PanelError
            what={rules.isError ? 'The rules' : 'The hits of rules'}
            error={failed.error}
            onRetry={readAgain}
          />
        ) : (
          <PageSkeleton />
        )}
      </>
    )
  const { defaultAccess, services, opaque } = rules.data
  const { denied } = hits.data
  const span = lengthText(hits.data.range.to - hits.data.range.from)
  const isOpaque = service !== undefined && opaque.includes(service)
  const noun = isOpaque ? 'connection' : 'call'
  const title =
    denied.calls === 0
      ? `No ${noun} was denied in the last ${span}`
      : `${formatCount(denied.calls)} ${noun}${denied.calls === 1 ? '' : 's'} denied in the last ${span}, from ${denied.callers}${NBSP}caller${denied.callers === 1 ? '' : 's'}`
  const isGone = (row: AccessRow) => !rows.some((other) => nameOf(other) === nameOf(row))
  const close = () => void setView({ rule: null })
  const shared = { services, opaque, taken: rows.map(nameOf), onClose: close }
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b pb-3.5">
        <Title className={service === undefined ? 'font-semibold text-20' : 'font-semibold text-14'}>{title}</Title>
        <span className="ml-auto text-ink-2 max-md:ml-0">
          mesh default <span className="font-medium text-ink">{defaultAccess}</span>
        </span>
        <GuardedButton permission={permission} look="primary" onClick={() => void setView({ rule: '+' })}>
          <Plus size={14} aria-hidden />
          Write a rule
        </GuardedButton>
      </div>
      {service !== undefined && (
        <p className="mb-4">
          {whoMayCall(
            service,
            rows.filter(({ isPutAside }) => !isPutAside).map(({ rule }) => rule.spec),
            defaultAccess,
            isOpaque,
          )}
        </p>
      )}
      {failed !== undefined && (
        <PanelError what={rules.isError ? 'Newer rules' : 'Newer hits'} error={failed.error} onRetry={readAgain} />
      )}
      <AskPanel service={service} services={services} opaque={opaque} defaultAccess={defaultAccess} />
      <section aria-label="Rules">
        <div className="mb-1.5 flex flex-wrap items-center gap-3">
          <h2 className="font-semibold text-14">Rules</h2>
          <span className="text-12 text-ink-2 max-lg:hidden">
            Deny beats Allow; then Allow; then the mesh default. A hit is a {noun} that the rule decided, or, while it
            audits, would have decided otherwise.
          </span>
          <div className="ml-auto flex items-center gap-2 max-md:ml-0 max-md:w-full max-md:flex-wrap">
            <Segmented
              label="Show"
              value={view.show}
              segments={[
                { value: 'all', label: 'All', count: rows.length },
                { value: 'audit', label: 'Audit', count: rows.filter((row) => row.mode === 'audit').length },
                { value: 'unused', label: 'No hits', count: rows.filter(isUnused).length },
              ]}
              onChange={(show) => void setView({ show })}
            />
            <FilterField
              label="Filter rules"
              value={view.filter}
              onChange={(filter) => void setView({ filter: filter === '' ? null : filter })}
            />
          </div>
        </div>
        {view.rule === '+' && <RuleEditor key="new" row={null} service={service ?? ''} {...shared} />}
        {rows.length === 0 && shown.length === 0 && view.rule !== '+' && (
          <Empty title={service === undefined ? 'No rule has been written' : `No rule targets ${service}`}>
            The mesh default holds: every {noun} is {defaultAccess === 'allow' ? 'allowed' : 'denied'}. A first rule in
            audit mode shows what it would do and decides nothing.
          </Empty>
        )}
        {rows.length > 0 && shown.length === 0 && (
          <Empty
            title="No rule matches"
            actions={<Button onClick={() => void setView({ filter: null, show: null })}>Clear the filter</Button>}
          >
            All {rows.length} are still there.
          </Empty>
        )}
        {shown.length > 0 && (
          <RuleList
            rows={shown}
            open={view.rule}
            onToggle={toggle}
            editor={(row) => (
              <>
                {isGone(row) && <GoneRule row={row} />}
                <RuleEditor
                  key={nameOf(row)}
                  row={row}
                  isGone={isGone(row)}
                  service={row.rule.spec.target.service}
                  {...shared}
                />
              </>
            )}
          />
        )}
      </section>
    </>
  )
}
