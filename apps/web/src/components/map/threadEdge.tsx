// Calls from one service to another as threads: trouble in its colour, dashed where mutual TLS is missing.
'use client'
import { type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import { toneOf } from '@/components/ui/status'
import type { MapEdge } from '@/server/schemas/map'
import { useThread } from './picture'

/** What is seen of it comes past the library, see picture.ts. */
export type ThreadsEdge = Edge<Record<string, never>, 'threads'>

/** Pixels that the numbers take in one line. */
const ONE_LINE = 210

function strokeOf(edge: MapEdge, isActive: boolean): string {
  if (edge.health.state === 'failing') return 'var(--fail)'
  if (edge.health.state === 'degraded') return 'var(--warn)'
  return isActive ? 'var(--text-1)' : 'var(--n-7)'
}

export function ThreadEdge({ id }: EdgeProps<ThreadsEdge>) {
  const view = useThread(id)
  if (view === undefined) return null
  const { edge, d, middle, room, isActive, isFar, label } = view
  return (
    <>
      <path
        d={d}
        fill="none"
        stroke={strokeOf(edge, isActive)}
        strokeWidth={isActive ? 1.3 : 0.9}
        strokeDasharray={edge.isMutualTls ? undefined : '4 3'}
        opacity={isFar ? 0.25 : 1}
      />
      {label !== null && (
        <EdgeLabelRenderer>
          <span
            style={{ transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)` }}
            className={`map-number pointer-events-none absolute whitespace-nowrap rounded-1 bg-canvas px-1 text-center leading-[1.2] ${toneOf(edge.health.state) || 'text-ink-2'}`}
          >
            {room < ONE_LINE
              ? label.map((text) => (
                  <span key={text} className="block">
                    {text}
                  </span>
                ))
              : label.join(' · ')}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  )
}
