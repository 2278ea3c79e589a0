// One rule in winning order: its match in words, why it wins, its split, how it does; open, its editor.
'use client'
import { ChevronDown } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ReactNode, useState } from 'react'
import { MiniThreads } from '@/components/charts/miniThreads'
import { TextLink } from '@/components/frame/link'
import { useMoment } from '@/components/frame/useMoment'
import { DraftBadge } from '@/components/ui/draftBadge'
import { Aligned, SuccessCell } from '@/components/ui/numbers'
import { Bone } from '@/components/ui/skeleton'
import { durationText, formatRevision, formatThreeFigures } from '@/data/numbers'
import { shareTexts } from '@/data/shares'
import { lengthText } from '@/data/timeRange'
import { routes } from '@/lib/routes'
import type { TrafficGetOutput, TrafficRule } from '@/server/schemas/traffic'
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
  onToggle: () => void
  onApplied: (applied: Applied) => void
  /** Edit, move, delete. */
  acts: ReactNode
  /** In place of the rest while the rule is edited; null: it is not. */
  editor: ReactNode
}

const RULE_GRID =
  'grid grid-cols-[24px_minmax(180px,1fr)_130px_minmax(150px,230px)_80px_92px_80px_24px] items-center gap-x-3 max-xl:grid-cols-[24px_minmax(0,1fr)_minmax(150px,230px)_80px_92px_24px] max-md:grid-cols-[20px_minmax(0,1fr)_auto_20px]'

/** The heads of the rules' columns, for those who see them; each rule says the same in words. */
export function RuleHeads() {
  return (
    <div
      aria-hidden
      className={`${RULE_GRID} h-8 border-line-strong border-b font-medium text-12 text-ink-2 max-md:hidden`}
    >
      <span />
      <span>Match</span>
      <span className="max-xl:hidden">Wins by</span>
      <span>Split %</span>
      <span className="text-right">Success %</span>
      <span className="text-right">Volume rps</span>
      <span className="text-right max-xl:hidden">p99 ms</span>
      <span />
    </div>
  )
}

export function RuleEntry({ rule, page, place, isOpen, onToggle, onApplied, acts, editor }: Readonly<Props>) {
  const panel = `rule-${place}`
  const [hasDraft, setHasDraft] = useState(false)
  const isBelow = rule.golden.successRate !== null && rule.golden.successRate < page.objective.successRate
  return (
    <li className="border-line border-b">
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? panel : undefined}
          onClick={onToggle}
          className={`${RULE_GRID} min-h-[38px] w-full text-left hover:bg-hover focus-visible:outline-offset-[-2px] max-md:min-h-12`}
        >
          <span className="text-ink-2">{place}</span>
          <MatchText match={rule.match} isStrong={isOpen} />
          <span className="text-ink-2 max-xl:hidden">{rule.winsBy}</span>
          <span className="inline-flex items-center gap-2 overflow-hidden whitespace-nowrap">
            <Split rule={rule} />
          </span>
          <span className="text-right max-md:hidden">
            <SuccessCell
              percent={rule.golden.successRate}
              requests={rule.golden.requests}
              tone={isBelow ? 'text-warn-text' : ''}
            />
          </span>
          <span className="text-right max-md:hidden">
            <Aligned text={formatThreeFigures(rule.golden.requestsPerSecond)} />
          </span>
          <span className="text-right text-ink-2 max-xl:hidden">
            <Aligned text={formatThreeFigures(rule.golden.latencyMs.p99)} />
          </span>
          <ChevronDown size={14} aria-hidden className={`justify-self-end text-ink-2 ${isOpen ? 'rotate-180' : ''}`} />
        </button>
      </h3>
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
              This rule has no backends to split between: every call goes to the service itself, or is answered by a
              redirect. Edit it to name backends.
            </p>
          )}
        </div>
      )}
    </li>
  )
}

function MatchText({ match, isStrong }: Readonly<{ match: string; isStrong: boolean }>) {
  const where = match.indexOf(' where ')
  const head = where === -1 ? match : match.slice(0, where)
  return (
    <span className="min-w-0 truncate">
      <span className={`font-mono ${isStrong ? 'font-semibold text-13' : 'text-12'}`}>{head}</span>
      {where !== -1 && <span className="text-ink-2">{match.slice(where)}</span>}
    </span>
  )
}

function Split({ rule }: Readonly<{ rule: TrafficRule }>) {
  if (rule.backends.length === 0) return <span className="text-ink-3">no split</span>
  const texts = shareTexts(rule.backends.map((backend) => backend.weight))
  const label = (i: number) => rule.backends[i]?.version ?? rule.backends[i]?.name
  return (
    <>
      <span className="max-md:hidden">
        <MiniThreads shares={rule.backends.map((backend) => backend.percent)} />
      </span>
      <span className="truncate">
        {rule.backends.map((backend, i) => (
          <span key={backend.name}>
            {i > 0 && <span className="text-ink-3"> · </span>}
            <span className="text-ink-3">{label(i)}</span> {texts[i]}
          </span>
        ))}
      </span>
    </>
  )
}

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
