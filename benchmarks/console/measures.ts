// What is measured, what of it counts, and what it is judged by. Pure.
import type { Cost } from './trace.ts'

/** The size of the mesh for which the targets hold. */
export const SIZE = { services: 1_000, proxies: 2_000, routes: 50, days: 30 }
/** What a page's server time, the first load and a live tick may cost. */
export const TARGETS = { medianMs: 200, p99Ms: 500, scriptKb: 250, tickMs: 16 }
/** Below these a quantile is an anecdote. */
export const LEAST = { visits: 3, answers: 100 }
/** One-minute load average before the run; above it other work took part in the numbers. */
export const QUIET_LOAD = 0.5

export interface VisitMeasure {
  /** The slowest answer by the server's own clock: queries as a whole batch, the document until its first byte. */
  serverMs: number
  /** The document's first byte, at the browser. */
  documentMs: number
  /** From the first request until the page had asked for nothing more and had all of its answers, at the browser. */
  browserMs: number
}

export interface PageMeasure {
  page: string
  visits: VisitMeasure[]
  /**
   * Server time of every answer of all visits: of the documents until the first byte, and of each procedure that of its
   * whole batch, since no answer of a batch leaves before the last.
   */
  answersMs: number[]
  /** Each procedure's own times. */
  procedures: Record<string, number[]>
  /** Bytes of the documents and answers of the last visit. */
  bytes: number
  /** What went wrong, in words: refused answers, answers without a time, requests without an answer. */
  errors: string[]
}

export interface ScriptMeasure {
  files: number
  /** As they came over the wire into an empty cache, heads included. */
  wireKb: number
  rawKb: number
  gzipKb: number
}

export interface LiveMeasure {
  page: string
  seconds: number
  /** Readings: requests of the page with less than half a second between them, as a message of its stream sets off. */
  ticks: number
  /** Nodes and texts of the page that changed meanwhile. */
  changes: number
  /**
   * All tasks of the main thread while nobody touched the page: by the thread's own clock, which stands while others have
   * the processor, and by the one on the wall, which on a machine of few processors tells more of those others.
   */
  cpuMs: number
  wallMs: number
  /** Of it the ticks and their queries; null: there was no time between them. */
  cpu: Cost | null
  wall: Cost | null
  /** By the thread's clock. null: the trace held no task. */
  longestTaskMs: number | null
}

export interface TrafficMeasure {
  proxies: number
  /** Services that were called. */
  services: number
  /** Reports that the control plane has acknowledged. */
  reports: number
}

export interface MeshSize {
  services: number
  proxies: number
  /** Of the busiest service. */
  routes: number
  /** Whether calls are stored from the first of SIZE.days days. */
  hasOldMetrics: boolean
}

export interface Results {
  at: string
  commit: string
  cpus: number
  /** busy: other work took part in the numbers. */
  machine: 'quiet' | 'busy'
  loadBefore: number
  loadAfter: number
  mesh: MeshSize
  pages: PageMeasure[]
  /** null: left out of this run, and so is the traffic where no page was watched. */
  script: ScriptMeasure | null
  traffic: TrafficMeasure | null
  live: LiveMeasure[]
}

export type Verdict = 'met' | 'MISSED' | 'too few' | 'error'

/** The nearest rank: a value that was measured. NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}

export const machineOf = (loadBefore: number): Results['machine'] => (loadBefore <= QUIET_LOAD ? 'quiet' : 'busy')

const within = (value: number, most: number): Verdict => (value <= most ? 'met' : 'MISSED')

/** Of the slowest answer of each visit. */
export function medianVerdict({ visits, errors }: PageMeasure): Verdict {
  if (errors.length > 0) return 'error'
  if (visits.length < LEAST.visits) return 'too few'
  return within(
    quantile(
      visits.map(({ serverMs }) => serverMs),
      0.5,
    ),
    TARGETS.medianMs,
  )
}

/** Of all answers. */
export function p99Verdict({ answersMs, errors }: PageMeasure): Verdict {
  if (errors.length > 0) return 'error'
  return answersMs.length < LEAST.answers ? 'too few' : within(quantile(answersMs, 0.99), TARGETS.p99Ms)
}

export const isEnough = ({ visits, answersMs }: PageMeasure): boolean =>
  visits.length >= LEAST.visits && answersMs.length >= LEAST.answers

export const scriptVerdict = ({ wireKb }: ScriptMeasure): Verdict => within(wireKb, TARGETS.scriptKb)

/**
 * A tick's own share of the main thread, by the thread's clock; all that it did, where no baseline could be told from it,
 * or one that is above it.
 */
export function perTickMs({ cpu, cpuMs, ticks }: Pick<LiveMeasure, 'cpu' | 'cpuMs' | 'ticks'>): number {
  return (cpu === null || cpu.beyondMs < 0 ? cpuMs : cpu.beyondMs) / ticks
}

export function tickVerdict(live: LiveMeasure): Verdict {
  return live.ticks === 0 || live.changes === 0 ? 'error' : within(perTickMs(live), TARGETS.tickMs)
}

/** Why these numbers say nothing about the targets, a line each; none: they count. Parts that are missing are told too. */
export function faultsOf({ mesh, pages, script, traffic, live }: Results): string[] {
  const small = (['services', 'proxies', 'routes'] as const)
    .filter((what) => mesh[what] < SIZE[what])
    .map((what) => `The mesh has ${mesh[what]} ${NAMES[what]}, and the targets hold for ${SIZE[what]}.`)
  const young = mesh.hasOldMetrics ? [] : [`The mesh has no metrics that are ${SIZE.days} days old.`]
  const ofPages = pages.flatMap(({ page, errors, procedures }) => [
    ...errors.map((error) => `${page}: ${error}.`),
    ...(Object.keys(procedures).length === 0 ? [`${page}: no query was seen.`] : []),
  ])
  const ofLive = live.flatMap(({ page, ticks, changes }) => {
    if (ticks === 0) return [`${page}: no tick came while it was watched.`]
    return changes === 0 ? [`${page}: ${ticks} ticks came, and nothing on the page changed.`] : []
  })
  return [
    ...small,
    ...young,
    ...(pages.length === 0 ? ['No page was visited.'] : []),
    ...ofPages,
    ...(script === null || script.files === 0 ? ['No script was seen.'] : []),
    ...(traffic === null || traffic.reports === 0 ? ['No report of live traffic was acknowledged.'] : []),
    ...(live.length === 0 ? ['No page was watched live.'] : []),
    ...ofLive,
  ]
}

const NAMES = { services: 'services', proxies: 'proxies', routes: 'routes on its busiest service' }
