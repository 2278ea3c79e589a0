// One rule in winning order: its line; open, its facts and its editor.
'use client'
import dynamic from 'next/dynamic'
import { type ReactNode, useState } from 'react'
import { TextLink } from '@/components/frame/link'
import { useMoment } from '@/components/frame/useMoment'
import { DraftBadge } from '@/components/ui/draftBadge'
import { InSight } from '@/components/ui/inSight'
import { Bone } from '@/components/ui/skeleton'
import { durationText, formatRevision } from '@/data/numbers'
import { lengthText } from '@/data/timeRange'
import { routes } from '@/lib/routes'
import type { TrafficGetOutput, TrafficRule } from '@/server/schemas/traffic'
import { RuleLine, type ToggleRule } from './ruleLine'
import type { Applied } from './useApply'

const loadEditor = () => import('./splitEditor').then((module) => module.SplitEditor)
// With the page's own code, so that the editor is there when its numbers are.
if (typeof window !== 'undefined') void loadEditor().catch(() => {})
const SplitEditor = dynamic(loadEditor, { ssr: false, loading: EditorSkeleton })

interface Props {
  rule: TrafficRule
  page: TrafficGetOutput
  place: number
  isOpen: boolean
  /** The same function at each drawing. */
  onToggle: ToggleRule
  onApplied: (applied: Applied) => void
  /** Edit, move, delete. */
  acts: ReactNode
  /** In place of the rest while the rule is edited; null: it is not. */
  editor: ReactNode
}

export function RuleEntry({ rule, page, place, isOpen, onToggle, onApplied, acts, editor }: Readonly<Props>) {
  const panel = `rule-${place}`
  const [hasDraft, setHasDraft] = useState(false)
  const isBelow = rule.golden.successRate !== null && rule.golden.successRate < page.objective.successRate
  return (
    <li className="border-line border-b">
      <InSight as="h3" shape={shapeOf(rule, place, isOpen, isBelow)} to={page.data.at ?? 0}>
        <RuleLine rule={rule} place={place} isOpen={isOpen} isBelow={isBelow} panel={panel} onToggle={onToggle} />
      </InSight>
      {isOpen && (
        <div id={panel}>
          <Facts rule={rule} windowMs={page.windowMs} hasDraft={hasDraft && editor === null} />
          {editor === null && <div className="flex flex-wrap items-center gap-2 pb-3 pl-6 max-md:pl-0">{acts}</div>}
          {editor !== null ? (
            <div className="pl-6 max-md:pl-0">{editor}</div>
          ) : rule.backends.length > 0 ? (
            <SplitEditor key={rule.label} rule={rule} page={page} onApplied={onApplied} onDraft={setHasDraft} />
          ) : (
            <p className="pb-4 pl-6 text-ink-2 max-md:pl-0">
              This rule has no backends to split between: every call goes to the service itself
              {rule.kind === 'HTTPRoute' && ', or is answered by a redirect'}. Edit it to name backends.
            </p>
          )}
        </div>
      )}
    </li>
  )
}

/** What a line says beside its numbers. */
const shapeOf = (
  { label, match, winsBy, backends }: TrafficRule,
  place: number,
  isOpen: boolean,
  isBelow: boolean,
): string =>
  JSON.stringify([
    ...[place, isOpen, isBelow, label, match, winsBy],
    backends.map(({ name, version, weight }) => [name, version, weight]),
  ])

function Facts({ rule, windowMs, hasDraft }: Readonly<{ rule: TrafficRule; windowMs: number; hasDraft: boolean }>) {
  const moment = useMoment()
  const facts = [
    `rule ${rule.label}`,
    ...(rule.retryPolicy === null ? [] : [`retries ${rule.retryPolicy}`]),
    ...(rule.timeoutMs === null ? [] : [`timeout ${durationText(rule.timeoutMs)}`]),
    ...rule.filters,
  ]
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-0.5 pb-3 pl-6 text-12 text-ink-2 max-md:pl-0">
      <span>{facts.join(' · ')}</span>
      <span className="ml-auto max-lg:ml-0">
        Values of the last {lengthText(windowMs)}, callers’ side, after retries
      </span>
      {rule.lastChange !== null && (
        <span>
          <TextLink href={routes.change(rule.lastChange.revision)} className="font-normal underline">
            {formatRevision(rule.lastChange.revision)}
          </TextLink>{' '}
          by <bdi>{rule.lastChange.actor}</bdi>, {moment(rule.lastChange.at)}
        </span>
      )}
      {hasDraft && <DraftBadge />}
    </p>
  )
}

/** The room of two backends and their acts. */
function EditorSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="skeleton-late pb-4 pl-6 max-md:pl-0">
      {['first', 'second'].map((row) => (
        <div key={row} className="flex h-14 items-center gap-6">
          <Bone className="h-2.5 w-28" />
          <Bone className="h-2.5 flex-1" />
          <Bone className="h-7 w-28" />
        </div>
      ))}
    </div>
  )
}
