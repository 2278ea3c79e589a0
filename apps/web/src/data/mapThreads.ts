// The map's edges as threads: how many, where each leaves and ends, and the path through the bends. Pure geometry.
import { CARD, edgeKey, type Layout, type Point } from './mapLayout.ts'
import { THREAD_UNITS, threadCount } from './neighbours.ts'

/** A card is 64 high: its eye holds so many threads. */
const MOST_A_SIDE = 26
const PITCH = 1.8

export interface Volume {
  source: string
  target: string
  requestsPerSecond: number
}

/** Requests per second of one thread, so that no side of a service has more than fit its eye. */
export function mapThreadUnit(edges: readonly Volume[]): number {
  const sides = new Map<string, number>()
  for (const { source, target, requestsPerSecond } of edges)
    for (const side of [`${source}>`, `${target}<`]) sides.set(side, (sides.get(side) ?? 0) + requestsPerSecond)
  const largest = Math.max(0, ...sides.values())
  return THREAD_UNITS.find((unit) => largest / unit <= MOST_A_SIDE) ?? 10_000
}

export interface Strands {
  key: string
  count: number
  /** Of its first thread: how far it is from the middle of the eyes at both ends. */
  from: number
  to: number
  /** One SVG path of all its threads. */
  d: string
  /** Where its numbers may stand, and how wide they may be there. */
  middle: Point
  room: number
}
export interface Eye {
  /** Half its height. */
  half: number
}
export interface Woven {
  strands: ReadonlyMap<string, Strands>
  /** By `<service><` for those that come in and `<service>>` for those that leave. */
  eyes: ReadonlyMap<string, Eye>
}

const ROUND = 10
const round = (n: number) => Math.round(n * ROUND) / ROUND

/**
 * Threads leave and end in the order of where they come from and go to, so that they do not cross at the eye. `before`:
 * as they lay in the same layout; those that lie there still are the same objects.
 */
export function weave(
  edges: readonly Volume[],
  { positions, bends }: Layout,
  unit: number,
  before: Woven | null = null,
): Woven {
  const drawn = edges.flatMap((edge) => {
    const from = positions.get(edge.source)
    const to = positions.get(edge.target)
    if (from === undefined || to === undefined) return []
    return [{ ...edge, from, to, count: Math.min(MOST_A_SIDE, threadCount(edge.requestsPerSecond, unit)) }]
  })
  const begins = slots(
    drawn,
    ({ source }) => `${source}>`,
    (edge) => edge.to.y,
  )
  const ends = slots(
    drawn,
    ({ target }) => `${target}<`,
    (edge) => edge.from.y,
  )
  const strands = new Map<string, Strands>()
  for (const edge of drawn) {
    const key = edgeKey(edge.source, edge.target)
    const [first, last] = [begins.at.get(key) ?? 0, ends.at.get(key) ?? 0]
    const known = before?.strands.get(key)
    if (known !== undefined && known.count === edge.count && known.from === first && known.to === last) {
      strands.set(key, known)
      continue
    }
    const start = { x: edge.from.x + CARD.width, y: edge.from.y + CARD.height / 2 }
    const end = { x: edge.to.x, y: edge.to.y + CARD.height / 2 }
    const own = [start, ...(bends.get(key) ?? []), end]
    const d = Array.from({ length: edge.count }, (_, n) => {
      const offset = (n - (edge.count - 1) / 2) * PITCH
      const points = own.map(({ x, y }, i) => ({
        x,
        y: i === 0 ? y + first + n * PITCH : i === own.length - 1 ? y + last + n * PITCH : y + offset,
      }))
      return curve(points)
    }).join('')
    const [a, b] = longest(own)
    strands.set(key, {
      key,
      count: edge.count,
      from: first,
      to: last,
      d,
      middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
      room: Math.abs(b.x - a.x),
    })
  }
  const eyes = new Map<string, Eye>()
  for (const [side, threads] of [...begins.threads, ...ends.threads])
    eyes.set(side, { half: Math.min(CARD.height / 2 - 4, Math.max(8, (threads * PITCH) / 2 + 4)) })
  return { strands, eyes }
}

interface Drawn extends Volume {
  count: number
  from: Point
  to: Point
}

/** For each edge the distance of its first thread from the middle of the eye. */
function slots(edges: readonly Drawn[], sideOf: (edge: Drawn) => string, orderOf: (edge: Drawn) => number) {
  const at = new Map<string, number>()
  const threads = new Map<string, number>()
  for (const [side, own] of Map.groupBy(edges, sideOf)) {
    const all = own.reduce((sum, { count }) => sum + count, 0)
    threads.set(side, Math.min(MOST_A_SIDE, all))
    // Many quiet edges with a thread each may be more than fit: then they lie closer.
    const scale = all > MOST_A_SIDE ? MOST_A_SIDE / all : 1
    let next = (-(all - 1) / 2) * PITCH * scale
    for (const edge of own.toSorted((a, b) => orderOf(a) - orderOf(b))) {
      at.set(edgeKey(edge.source, edge.target), next)
      next += edge.count * PITCH * scale
    }
  }
  return { at, threads }
}

/** Through all points, level at each of them. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  let d = `M${round(first.x)} ${round(first.y)}`
  let last = first
  for (const point of rest) {
    if (Math.abs(point.y - last.y) < 0.5) d += `L${round(point.x)} ${round(point.y)}`
    else {
      const middle = Math.max(24, Math.abs(point.x - last.x) / 2)
      d += `C${round(last.x + middle)} ${round(last.y)} ${round(point.x - middle)} ${round(point.y)} ${round(point.x)} ${round(point.y)}`
    }
    last = point
  }
  return d
}

function longest(points: readonly Point[]): [Point, Point] {
  const none = { x: 0, y: 0 }
  let best: [Point, Point] = [points[0] ?? none, points[1] ?? none]
  for (const [i, b] of points.entries()) {
    const a = points[i - 1]
    if (a !== undefined && Math.abs(b.x - a.x) > Math.abs(best[1].x - best[0].x)) best = [a, b]
  }
  return best
}
