// One service (or the services of one owner) on the map: an eye for what comes in, its name and numbers, an eye for
// what goes out. A press shows its neighbourhood, Enter opens it.
'use client'
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { useRouter, useSearchParams } from 'next/navigation'
import type { KeyboardEvent } from 'react'
import { StatusMark, toneOf } from '@/components/ui/status'
import { CARD } from '@/data/mapLayout'
import { nodeName, volumeText } from '@/data/mapText'
import { formatLatency, formatSuccess, NBSP, quantityText } from '@/data/numbers'
import { troubledNumber } from '@/data/trouble'
import { routes, withQuery } from '@/lib/routes'
import { type CardActs, type CardView, useCard } from './picture'

/** What is seen of it comes past the library, see picture.ts. */
export type CardNode = Node<Record<string, never>, 'card'>

export function ServiceCard({ id }: NodeProps<CardNode>) {
  const card = useCard(id)
  return (
    <>
      <Handle type="target" position={Position.Left} className="opacity-0!" />
      {card !== undefined && <Card {...card.view} acts={card.acts} />}
      <Handle type="source" position={Position.Right} className="opacity-0!" />
    </>
  )
}

function Card({ node, eyes, isFocused, isFar, isReached, acts }: Readonly<CardView & { acts: CardActs }>) {
  const router = useRouter()
  const query = useSearchParams()
  const name = nodeName(node)
  const isShownState = node.health.state !== 'healthy' && node.kind !== 'public' && node.kind !== 'egress'
  const tone = toneOf(node.health.state)
  const isSlow = troubledNumber(node.health) === 'p99'
  const act = () => {
    if (node.kind === 'group') acts.onToggle(node.owner ?? '')
    else if (node.kind === 'service') acts.onFocus(node.id)
  }
  const open = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (node.kind === 'service') router.push(withQuery(routes.service(node.id), query))
    else act()
  }
  const trouble =
    node.kind === 'group' && node.attention > 0
      ? `${node.attention} of ${node.services} need attention`
      : node.health.reason
  return (
    <button
      type="button"
      data-card={node.id}
      tabIndex={isReached ? 0 : -1}
      aria-pressed={node.kind === 'service' ? isFocused : undefined}
      title={tone === '' || trouble === null ? name : `${name}: ${trouble}`}
      onClick={act}
      onKeyDown={open}
      onFocus={() => acts.onReach(node.id)}
      onPointerEnter={() => acts.onPoint(node.id)}
      onPointerLeave={() => acts.onPoint(null)}
      style={CARD}
      // xyflow lets the pointer through a node that is neither dragged nor selected, as ours.
      className={`nopan pointer-events-auto relative block rounded-2 px-3.5 text-left hover:bg-hover aria-pressed:bg-press ${isFar ? 'text-ink-3 [&_svg]:opacity-35' : ''} ${node.kind === 'group' ? 'border border-line-strong border-dashed' : ''}`}
    >
      <Eye half={eyes.in} side="left" />
      <span className={`flex items-center gap-1.5 ${isFar ? '' : 'font-medium'}`}>
        {isShownState && <StatusMark state={node.health.state} className="map-mark" />}
        <span className="map-name truncate">{name}</span>
        {node.kind === 'group' && (
          <span className="map-number font-normal text-ink-3">
            {node.services}
            <span className="sr-only"> {node.services === 1 ? 'service' : 'services'}</span>
          </span>
        )}
      </span>
      <span className={`map-number block ${isFar ? '' : 'text-ink-2'}`}>
        {node.golden.requests === 0 ? (
          node.kind === 'public' ? (
            'no mutual TLS'
          ) : (
            'calls others only'
          )
        ) : (
          <>
            <span className={tone === '' || isFar || isSlow ? '' : `font-medium ${tone}`}>
              {formatSuccess(node.golden.successRate)}
              {NBSP}%
            </span>{' '}
            <span className="whitespace-nowrap">· {volumeText(node)}</span>
            {node.golden.latencyMs.p99 !== null && (
              <span className="sr-only"> · p99 {quantityText(formatLatency(node.golden.latencyMs.p99))}</span>
            )}
          </>
        )}
      </span>
      <span className="sr-only">
        , {node.health.state}
        {tone !== '' && trouble !== null ? `, ${trouble}` : ''}
      </span>
      <Eye half={eyes.out} side="right" />
    </button>
  )
}

function Eye({ half, side }: Readonly<{ half: number | null; side: 'left' | 'right' }>) {
  if (half === null) return null
  const middle = CARD.height / 2
  return (
    <svg
      aria-hidden
      width={12}
      height={CARD.height}
      className={`absolute top-0 ${side === 'left' ? '-left-1.5' : '-right-1.5'}`}
    >
      <g fill="none" stroke="var(--text-1)" strokeWidth={1.4}>
        <path d={`M6 ${middle - half - 4}v4M6 ${middle + half}v4`} />
        <rect x={2} y={middle - half} width={8} height={half * 2} rx={4} />
      </g>
    </svg>
  )
}
