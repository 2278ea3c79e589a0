// One bucket of counted calls as rows of the metrics tables, in COPY's text format. Pure.

import type { ResolutionMs } from '@heddle/db'
import { tableName } from '@heddle/db/metrics/tables'
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import { escapeText } from './copy.ts'
import type { TrafficPlan } from './plan.ts'
import { ruleNameOf } from './resources.ts'
import type { Counted } from './traffic.ts'

/** Takes a row: its table, the start of its bucket, and its line. */
export type WriteRow = (table: string, at: number, line: string) => void

export interface RowsOf {
  plan: TrafficPlan
  counted: Counted
  resolution: ResolutionMs
  at: number
  controlId: string
}

export function writeRows({ plan, counted, resolution, at, controlId }: RowsOf, write: WriteRow): void {
  const head = `${new Date(at).toISOString()}\t${controlId}`
  const [route, edge, rule] = [
    tableName('route', resolution),
    tableName('edge', resolution),
    tableName('rule', resolution),
  ]
  for (const [series, sum] of counted.edges.entries()) {
    const made = plan.edges[series]
    if (made === undefined) continue
    const labels = `${made.source}\t${made.service.name}`
    if (made.source !== PUBLIC_SOURCE) write(edge, at, `${head}\toutbound\t${labels}\t${sum.columns('outbound')}`)
    write(edge, at, `${head}\tinbound\t${labels}\t${sum.columns('inbound')}`)
    if (made.service.isGuarded && !made.isDenied)
      write(rule, at, `${head}\t${ruleNameOf(made.service)}\t${made.source}\tallowed\t${sum.requests}`)
  }
  const labelsOf = (series: number): string => {
    const cell = plan.cells[series]
    return `${cell?.service.name}\t${cell?.version}\t${escapeText(cell?.route ?? '')}`
  }
  for (const [series, sum] of counted.routesFromMesh.entries())
    write(route, at, `${head}\toutbound\t${labelsOf(series)}\t${sum.columns('outbound')}`)
  for (const [series, sum] of counted.routes.entries())
    write(route, at, `${head}\tinbound\t${labelsOf(series)}\t${sum.columns('inbound')}`)
}

/** Call patterns of an hour: each caller's calls, shared out over the routes as they are called. */
export function writePatterns({ plan, counted, at, controlId }: Omit<RowsOf, 'resolution'>, write: WriteRow): void {
  const head = `${new Date(at).toISOString()}\t${controlId}`
  for (const [series, sum] of counted.edges.entries()) {
    const edge = plan.edges[series]
    if (edge === undefined) continue
    const ofRoute = new Map<string, { line: string; calls: number }>()
    for (const [i, cell] of edge.cells.entries()) {
      const known = ofRoute.get(cell.route) ?? {
        line: `${edge.source}\t${cell.method}\t${escapeText(cell.path)}/*\t${escapeText(cell.route)}`,
        calls: 0,
      }
      known.calls += sum.requests * (edge.shares[i] ?? 0)
      ofRoute.set(cell.route, known)
    }
    for (const { line, calls } of ofRoute.values())
      if (calls >= 0.5) write('pattern_1h', at, `${head}\t${edge.service.name}\t${line}\t${Math.round(calls)}`)
  }
}
