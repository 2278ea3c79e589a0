// Counting the made calls of one bucket of time: each call once as an edge and once as a route. Pure.
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import { binomial, poisson, type Random, shareOut } from './draw.ts'
import { drawLatencies } from './latency.ts'
import type { Cell, Edge, TrafficPlan } from './plan.ts'
import { Sum, Sums } from './sum.ts'

const HOUR_MS = 3_600_000
const CLIENT_ERRORS = 0.008
const CANCELLED = 0.0003
const RECOVERED_OF_FAILED = 0.5

/** What happened in one bucket, by number of series. */
export class Counted {
  readonly edges = new Sums()
  /** By cell: calls from within the mesh, and all calls. */
  readonly routesFromMesh = new Sums()
  readonly routes = new Sums()

  addTo(coarser: Counted): void {
    this.edges.addTo(coarser.edges)
    this.routesFromMesh.addTo(coarser.routesFromMesh)
    this.routes.addTo(coarser.routes)
  }

  clear(): void {
    this.edges.clear()
    this.routesFromMesh.clear()
    this.routes.clear()
  }
}

/**
 * How much of the busiest hour's traffic there is, 0–1. A day has its tide and a week its weekend; the last hour is the
 * busiest, so that a measurement has the same load at any time of day.
 */
export function tide(at: number, end: number): number {
  const hoursAgo = Math.floor((end - at) / HOUR_MS)
  const ofDay = 0.25 + 0.75 * (0.5 + 0.5 * Math.cos((2 * Math.PI * hoursAgo) / 24))
  const day = Math.floor(hoursAgo / 24) % 7
  return ofDay * (day === 2 || day === 3 ? 0.4 : 1)
}

const scratch = new Sum()
const recordInScratch = (bucket: number, count: number): void => scratch.record(bucket, count)

/** Adds the calls that begin in [at, at + lengthMs) to `into`. `end`: when the seeding ends. */
export function countCalls(
  plan: TrafficPlan,
  random: Random,
  { at, lengthMs, end }: { at: number; lengthMs: number; end: number },
  into: Counted,
): void {
  const seconds = (lengthMs / 1_000) * tide(at, end)
  for (const edge of plan.edges) {
    const calls = poisson(random, edge.callsPerSecond * seconds)
    if (calls === 0) continue
    const incident = plan.incidentsOf.get(edge.service.name)?.find(({ from, to }) => at >= from && at < to)
    const counts = shareOut(random, calls, edge.shares)
    for (const [i, count] of counts.entries()) {
      const cell = edge.cells[i]
      if (count === 0 || cell === undefined) continue
      callsOf(random, edge, cell, count, incident?.failing ?? 0)
      into.edges.of(edge.series).add(scratch)
      if (edge.source !== PUBLIC_SOURCE) into.routesFromMesh.of(cell.series).add(scratch)
      into.routes.of(cell.series).add(scratch)
    }
  }
}

/** The outcomes of so many calls, in `scratch`. */
function callsOf(random: Random, edge: Edge, cell: Cell, count: number, incident: number): void {
  scratch.reset()
  scratch.requests = count
  scratch.bytesIn = count * 420
  if (edge.isDenied) {
    scratch.denied = count
    scratch.bytesOut = count * 180
    scratch.record(0, count)
    return
  }
  scratch.bytesOut = count * 2_900
  const failed = binomial(random, count, Math.max(cell.failing, incident))
  scratch.timeouts = binomial(random, failed, 0.3)
  scratch.serverError = failed - scratch.timeouts
  scratch.clientError = binomial(random, count - failed, CLIENT_ERRORS)
  scratch.cancelled = binomial(random, count - failed - scratch.clientError, CANCELLED)
  scratch.ok = count - failed - scratch.clientError - scratch.cancelled
  scratch.recovered = Math.min(scratch.ok, binomial(random, failed, RECOVERED_OF_FAILED))
  scratch.retriesMade = scratch.recovered + binomial(random, failed, RECOVERED_OF_FAILED)
  drawLatencies(random, count - scratch.timeouts - scratch.cancelled, cell.latencies, recordInScratch)
}
