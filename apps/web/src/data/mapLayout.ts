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

export const CARD = { width: 172, height: 64 } as const
/** The numbers of an edge stand between two columns. */
const COLUMN_GAP = 208
const ROW_GAP = 22

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
  const step = CARD.width + COLUMN_GAP
  const lowest = Math.max(...[...taken.values()].map(({ y }) => y))
  if (beside.length === 0) return { x: 0, y: lowest + CARD.height + ROW_GAP }
  const xs = beside.map(({ x }) => x)
  const x = callers.length > 0 ? Math.max(...xs) + step : Math.min(...xs) - step
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
