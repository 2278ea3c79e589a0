// Where services stand on the map. What the layout engine is given does not depend on numbers, so that positions stay
// while numbers move; and when the set changes a little, newcomers find a place and nobody else moves. Pure.

export interface Point {
  x: number
  y: number
}
export interface Topology {
  nodes: readonly string[]
  edges: readonly { source: string; target: string }[]
}
export interface Layout {
  positions: ReadonlyMap<string, Point>
  /** The bends of an edge between its ends, by `edgeKey`; missing: it runs straight. */
  bends: ReadonlyMap<string, readonly Point[]>
}

export const CARD = { width: 148, height: 64 } as const
/** The numbers of an edge stand between two columns, below each other: five columns fit a window of 1,440 px unscaled. */
const COLUMN_GAP = 102
/** Edges from one card to two below each other leave room for the numbers of both: half of card and gap. */
const ROW_GAP = 30
/** From the left end of a column to that of the next. */
export const COLUMN_STEP = CARD.width + COLUMN_GAP

export const edgeKey = (source: string, target: string): string => `${source} ${target}`

/** The same for the same set of services and edges, in whatever order they come. */
export function topologyKey({ nodes, edges }: Topology): string {
  return JSON.stringify([[...nodes].sort(), edges.map(({ source, target }) => edgeKey(source, target)).sort()])
}

/** What the layout engine is asked (ELK's JSON). */
export function layoutRequest({ nodes, edges }: Topology) {
  const keys = edges.map(({ source, target }) => ({ source, target, id: edgeKey(source, target) }))
  return {
    id: 'map',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'POLYLINE',
      'elk.spacing.nodeNode': String(ROW_GAP),
      'elk.spacing.edgeNode': '14',
      'elk.spacing.edgeEdge': '10',
      'elk.layered.spacing.nodeNodeBetweenLayers': String(COLUMN_GAP),
      'elk.layered.spacing.edgeNodeBetweenLayers': '28',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.randomSeed': '1',
    },
    children: [...nodes].sort().map((id) => ({
      id,
      ...CARD,
      layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
      // Calls come in on the left and leave on the right, at half the height.
      ports: [
        { id: `${id}<`, x: 0, y: CARD.height / 2, width: 0, height: 0 },
        { id: `${id}>`, x: CARD.width, y: CARD.height / 2, width: 0, height: 0 },
      ],
    })),
    edges: keys
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, source, target }) => ({ id, sources: [`${source}>`], targets: [`${target}<`] })),
  }
}

interface Answer {
  children?: { id: string; x?: number; y?: number }[]
  edges?: { id?: string; sections?: { bendPoints?: Point[] }[] }[]
}

export function layoutOf(answer: Answer): Layout {
  return {
    positions: new Map((answer.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    bends: new Map((answer.edges ?? []).map(({ id = '', sections }) => [id, sections?.[0]?.bendPoints ?? []])),
  }
}

/** Free at each side of the picture. */
const MARGIN = 10
/** How much farther apart than they need be columns and rows are where the frame is larger than the picture. */
const MOST_STRETCH = { x: 1.6, y: 1.6 } as const

/** The layout drawn out to the frame, as far as that helps the eye: cards keep their size, what is between them grows. */
export function stretched({ positions, bends }: Layout, size: { width: number; height: number }): Layout {
  const cards = [...positions.values()]
  const x = stretchOf(
    cards.map((at) => at.x),
    size.width - CARD.width,
    MOST_STRETCH.x,
  )
  const y = stretchOf(
    cards.map((at) => at.y),
    size.height - CARD.height,
    MOST_STRETCH.y,
  )
  const moved = (at: Point): Point => ({ x: at.x * x, y: at.y * y })
  return {
    positions: new Map([...positions].map(([id, at]) => [id, moved(at)])),
    // A bend lies at half the height of a card that it goes around or to.
    bends: new Map(
      [...bends].map(([key, points]) => [
        key,
        points.map((at) => ({ x: at.x * x, y: (at.y - CARD.height / 2) * y + CARD.height / 2 })),
      ]),
    ),
  }
}

function stretchOf(begins: readonly number[], room: number, most: number): number {
  const span = Math.max(...begins) - Math.min(...begins)
  return span > 0 ? Math.min(most, Math.max(1, (room - 2 * MARGIN) / span)) : 1
}

/**
 * Where the picture begins: unscaled, so that its text has the size of the page's. What fits stands in the middle; of what
 * does not the surroundings of `landmark` are seen first, as no corner of a large layout need have a card. Without one it
 * is the left and upper end. `size`: of the frame, in pixels.
 */
export function firstView(
  { positions, bends }: Layout,
  size: { width: number; height: number },
  landmark: string | null = null,
): { x: number; y: number; zoom: 1; isWhole: boolean } {
  const cards = [...positions.values()]
  const xs = cards.flatMap(({ x }) => [x, x + CARD.width])
  const ys = [...cards.flatMap(({ y }) => [y, y + CARD.height]), ...[...bends.values()].flat().map(({ y }) => y)]
  const seen = landmark === null ? undefined : positions.get(landmark)
  const x = place(xs, size.width, seen && seen.x + CARD.width / 2)
  const y = place(ys, size.height, seen && seen.y + CARD.height / 2)
  return { x: x.at, y: y.at, zoom: 1, isWhole: x.fits && y.fits }
}

/** `seen` comes to the middle, as far as no more than the margin is free beyond the ends. */
function place(ends: readonly number[], room: number, seen: number | undefined): { at: number; fits: boolean } {
  const [from, to] = [Math.min(...ends, Number.POSITIVE_INFINITY), Math.max(...ends, Number.NEGATIVE_INFINITY)]
  if (to < from) return { at: 0, fits: true }
  const fits = to - from + 2 * MARGIN <= room
  if (fits) return { at: (room - from - to) / 2, fits }
  const [first, last] = [MARGIN - from, room - MARGIN - to]
  return { at: seen === undefined ? first : Math.min(first, Math.max(last, room / 2 - seen)), fits }
}

/** More newcomers than this share, and the whole is laid out anew. */
const FEW = 0.25

/** The layout for a set that is nearly that of `known`: nobody who was there moves. Null: lay it out anew. */
export function extendLayout(known: Layout, { nodes, edges }: Topology): Layout | null {
  const fresh = nodes.filter((id) => !known.positions.has(id))
  if (fresh.length > Math.max(1, nodes.length * FEW)) return null
  const positions = new Map<string, Point>()
  for (const id of nodes) {
    const at = known.positions.get(id)
    if (at !== undefined) positions.set(id, at)
  }
  if (positions.size === 0) return null
  for (const id of fresh.toSorted()) positions.set(id, placeFor(id, positions, edges))
  const bends = new Map<string, readonly Point[]>()
  for (const { source, target } of edges) {
    const key = edgeKey(source, target)
    const own = known.bends.get(key)
    if (own !== undefined) bends.set(key, own)
  }
  return { positions, bends }
}

/** One column to the right of those that call it (or left of those it calls), in the free row nearest to them. */
function placeFor(id: string, taken: ReadonlyMap<string, Point>, edges: Topology['edges']): Point {
  const at = (names: readonly string[]) => names.flatMap((name) => taken.get(name) ?? [])
  const callers = at(edges.filter(({ target }) => target === id).map(({ source }) => source))
  const callees = at(edges.filter(({ source }) => source === id).map(({ target }) => target))
  const beside = callers.length > 0 ? callers : callees
  const lowest = Math.max(...[...taken.values()].map(({ y }) => y))
  if (beside.length === 0) return { x: 0, y: lowest + CARD.height + ROW_GAP }
  const xs = beside.map(({ x }) => x)
  const x = callers.length > 0 ? Math.max(...xs) + COLUMN_STEP : Math.min(...xs) - COLUMN_STEP
  const wanted = beside.reduce((sum, { y }) => sum + y, 0) / beside.length
  const isFree = (y: number) =>
    [...taken.values()].every(
      (other) => Math.abs(other.x - x) >= CARD.width + 8 || Math.abs(other.y - y) >= CARD.height + 8,
    )
  const row = CARD.height + ROW_GAP
  for (let n = 0; n <= taken.size; n++)
    for (const y of [wanted + n * row, wanted - n * row]) if (isFree(y)) return { x, y }
  return { x, y: lowest + row }
}
