// The picture: cards where the layout puts them, threads between them. Numbers move; places do not.
'use client'
import '@xyflow/react/dist/base.css'
import { ReactFlow, ReactFlowProvider, useOnViewportChange, useReactFlow, type Viewport } from '@xyflow/react'
import { Maximize, Minus, Plus } from 'lucide-react'
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useIsPhone } from '@/components/frame/useIsPhone'
import { buttonClass } from '@/components/ui/button'
import { isSame } from '@/data/isSame'
import { landmarkOf } from '@/data/landmark'
import { CARD, COLUMN_STEP, edgeKey, firstView, type Layout, stretched } from '@/data/mapLayout'
import { goldenTexts } from '@/data/mapText'
import { mapThreadUnit, type Volume, type Woven, weave } from '@/data/mapThreads'
import { neighbourhoodOf, STEPS, stepFrom } from '@/data/mapWalk'
import { NBSP } from '@/data/numbers'
import type { MapGetOutput } from '@/server/schemas/map'
import { type CardView, PictureContext, type ThreadView, usePicture } from './picture'
import { type CardNode, ServiceCard } from './serviceCard'
import { ThreadEdge, type ThreadsEdge } from './threadEdge'
import { useKept } from './useKept'
import { useLayout } from './useLayout'
import { type Size, useSize } from './useSize'

const nodeTypes = { card: ServiceCard }
const edgeTypes = { threads: ThreadEdge }
/** With more edges than this their numbers stand only where one points, and where there is trouble. */
const MOST_LABELS = 14
/** The library's own credit lies over cards: the legend has it. */
const CREDITED_BELOW = { hideAttribution: true }
/** Farther away than this numbers in a size that can be read would not fit; farther than that, no names either. */
const FAR_ZOOM = 0.9
const CROWDED_ZOOM = 0.2
/** In pixels: what the threads mean, and the buttons, below the picture and never over a card. */
const LEGEND = { wide: 40, phone: 96 } as const

/** Far away a name may go on to the next card, less a gap. */
const NAME_ROOM = { '--map-name-room': `calc(${COLUMN_STEP - 14}px - 8px / var(--map-zoom, 1))` } as CSSProperties

export interface CanvasProps {
  data: MapGetOutput
  focus: string | null
  onFocus: (id: string | null) => void
  onToggle: (owner: string) => void
  /** The first time that there is something to see. */
  onDrawn: () => void
}

export function MapCanvas(props: Readonly<CanvasProps>) {
  const [frame, size] = useSize()
  const legend = useIsPhone() === true ? LEGEND.phone : LEGEND.wide
  const room = useMemo(() => size && { ...size, height: size.height - legend }, [size, legend])
  return (
    <ReactFlowProvider>
      <div ref={frame} className="h-full">
        {room !== null && <Canvas {...props} frame={frame} size={room} legend={legend} />}
      </div>
    </ReactFlowProvider>
  )
}

interface MeasuredProps extends CanvasProps {
  frame: RefObject<HTMLDivElement | null>
  /** Of the picture, and the height of what stands below it. */
  size: Size
  legend: number
}

function Canvas({ data, focus, onFocus, onToggle, onDrawn, frame, size, legend }: Readonly<MeasuredProps>) {
  const topology = useMemo(() => ({ nodes: data.nodes.map(({ id }) => id), edges: data.edges }), [data])
  const { layout: laidOut, failed } = useLayout(topology)
  const layout = useMemo(() => laidOut && stretched(laidOut, size), [laidOut, size])
  const flow = useReactFlow()
  const [pointed, setPointed] = useState<string | null>(null)
  const [cursor, setCursor] = useState<string | null>(null)
  const kept = useRef(focus)
  const landmark = landmarkOf(data.nodes, kept.current)
  const view = useMemo(() => layout && firstView(layout, size, landmark), [layout, size, landmark])
  const isDrawn = layout !== null || failed
  useEffect(() => {
    kept.current = landmark
    if (isDrawn) onDrawn()
  }, [landmark, isDrawn, onDrawn])
  const [x, y] = [view?.x, view?.y]
  // Another set of services or another frame is another picture; an edge more or less is not.
  useEffect(() => {
    if (x === undefined || y === undefined) return
    const asked = requestAnimationFrame(() => void flow.setViewport({ x, y, zoom: 1 }))
    return () => cancelAnimationFrame(asked)
  }, [x, y, flow])
  // Names keep a size that can be read however far away one goes; numbers are left out there. Nothing is drawn anew.
  const onChange = useCallback(
    ({ zoom }: Viewport) => {
      frame.current?.style.setProperty('--map-zoom', String(zoom))
      if (zoom >= FAR_ZOOM) frame.current?.removeAttribute('data-far')
      else frame.current?.setAttribute('data-far', zoom < CROWDED_ZOOM ? 'names' : 'numbers')
    },
    [frame],
  )
  useOnViewportChange({ onChange })

  const volumes = data.edges.map(({ source, target, golden }) => ({
    source,
    target,
    requestsPerSecond: golden.requestsPerSecond,
  }))
  const unit = mapThreadUnit(volumes)
  const woven = useWoven(volumes, layout, unit)
  const near = focus === null ? null : neighbourhoodOf(focus, data.edges)
  const active = pointed ?? focus
  const press = useCallback((id: string) => onFocus(id === focus ? null : id), [onFocus, focus])
  // The one card that Tab reaches; arrows go on from there.
  const reached = cursor !== null && topology.nodes.includes(cursor) ? cursor : (topology.nodes[0] ?? null)

  const walk = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && focus !== null) return onFocus(null)
    const step = Object.entries(STEPS).find(([name]) => name === event.key)?.[1]
    if (step === undefined || reached === null || layout === null) return
    event.preventDefault()
    const next = stepFrom(reached, step, data.edges, layout.positions)
    if (next === null) return
    setCursor(next)
    const card = document.querySelector<HTMLElement>(`[data-card="${CSS.escape(next)}"]`)
    card?.focus({ preventScroll: true })
    const at = layout.positions.get(next)
    if (at !== undefined && card !== null && !isInside(card))
      void flow.setCenter(at.x + CARD.width / 2, at.y + CARD.height / 2, { zoom: flow.getZoom() })
  }

  const cards = data.nodes.map((node): [string, CardView] => [
    node.id,
    {
      node,
      eyes: { in: woven?.eyes.get(`${node.id}<`)?.half ?? null, out: woven?.eyes.get(`${node.id}>`)?.half ?? null },
      isFocused: node.id === focus,
      isFar: near !== null && !near.has(node.id),
      isReached: node.id === reached,
    },
  ])
  const threads = data.edges.flatMap((edge): [string, ThreadView][] => {
    const key = edgeKey(edge.source, edge.target)
    const strands = woven?.strands.get(key)
    if (strands === undefined) return []
    const isActive = active !== null && (edge.source === active || edge.target === active)
    const isFar =
      near !== null &&
      !(near.has(edge.source) && near.has(edge.target) && (edge.source === focus || edge.target === focus))
    const isTroubled = edge.health.state === 'failing' || edge.health.state === 'degraded'
    const hasLabel = isActive || (!isFar && pointed === null && (isTroubled || data.edges.length <= MOST_LABELS))
    return [
      [
        key,
        {
          edge,
          d: strands.d,
          middle: strands.middle,
          room: strands.room,
          isActive,
          isFar: isFar || (pointed !== null && !isActive),
          label: hasLabel ? goldenTexts(edge) : null,
        },
      ],
    ]
  })
  const picture = usePicture(cards, threads)
  const acts = useMemo(() => ({ onPoint: setPointed, onReach: setCursor, onFocus: press, onToggle }), [press, onToggle])
  const context = useMemo(() => ({ ...picture, acts }), [picture, acts])
  const nodes = useKept(
    topology.nodes.flatMap((id): CardNode[] => {
      const position = layout?.positions.get(id)
      // As its size is known, another object of the same card is not measured, and its threads stay meanwhile.
      return position === undefined ? [] : [{ id, type: 'card', position, ...CARD, measured: CARD, data: {} }]
    }),
    isSamePlace,
  )
  const edges = useKept(
    data.edges.flatMap(({ source, target }): ThreadsEdge[] => {
      const id = edgeKey(source, target)
      return woven?.strands.has(id) === true ? [{ id, source, target, type: 'threads' }] : []
    }),
    isSameEdge,
  )
  if (failed)
    return <p className="border-line border-y py-4">The map could not be laid out. The table has the same edges.</p>
  if (layout === null) return null
  return (
    <section
      aria-label={`Map of ${data.nodes.length} nodes and ${data.edges.length} edges. Arrow keys move along edges, Enter opens, Space shows the neighbourhood, Escape leaves it. The table has the same numbers.`}
      className="flex h-full flex-col border-line border-y"
      onKeyDown={walk}
    >
      <div className="min-h-0 flex-1" style={NAME_ROOM}>
        <PictureContext value={context}>
          <Flow nodes={nodes} edges={edges} />
        </PictureContext>
      </div>
      <div
        className="flex shrink-0 items-center justify-between gap-x-4 border-line border-t max-md:flex-wrap"
        style={{ height: legend }}
      >
        <p className="min-w-0 text-12 text-ink-2 md:truncate">
          one thread is {unit}
          {NBSP}rps; dashed is without mutual TLS{view?.isWhole !== false ? '' : '; drag or scroll to see the rest'}
        </p>
        <div className="flex items-center gap-1">
          <a
            href="https://reactflow.dev"
            target="_blank"
            rel="noreferrer"
            className="mr-2 text-12 text-ink-3 hover:underline"
          >
            React Flow
          </a>
          {(
            [
              ['Zoom out', Minus, () => flow.zoomOut()],
              ['Zoom in', Plus, () => flow.zoomIn()],
              ['Show the whole map', Maximize, () => flow.fitView({ padding: 0.06, maxZoom: 1 })],
            ] as const
          ).map(([label, Icon, act]) => (
            <button
              key={label}
              type="button"
              aria-label={label}
              onClick={() => void act()}
              className={buttonClass({ size: 'icon' })}
            >
              <Icon size={14} aria-hidden />
            </button>
          ))}
        </div>
      </div>
    </section>
  )
}

/** The library's part, which no number moves. */
const Flow = memo(function Flow({ nodes, edges }: Readonly<{ nodes: CardNode[]; edges: ThreadsEdge[] }>) {
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      disableKeyboardA11y
      panOnScroll
      proOptions={CREDITED_BELOW}
      zoomOnDoubleClick={false}
      onlyRenderVisibleElements={nodes.length > 120}
      minZoom={0.1}
      maxZoom={1.6}
    />
  )
})

/** What lies as it lay is not woven anew. */
function useWoven(volumes: readonly Volume[], layout: Layout | null, unit: number): Woven | null {
  const last = useRef<{ layout: Layout; woven: Woven } | null>(null)
  if (layout === null) return null
  const before = last.current?.layout === layout ? last.current.woven : null
  const woven = weave(volumes, layout, unit, before)
  last.current = { layout, woven }
  return woven
}

const isSamePlace = (a: CardNode, b: CardNode): boolean => isSame(a.position, b.position)
/** Its id is all that the library is told. */
const isSameEdge = (): boolean => true

function isInside(card: HTMLElement): boolean {
  // Without the legend, behind which a card would not be seen.
  const frame = card.closest('.react-flow')?.getBoundingClientRect()
  const { left, right, top, bottom } = card.getBoundingClientRect()
  return frame !== undefined && left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom
}
