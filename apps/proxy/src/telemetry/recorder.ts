// What the request path tells telemetry, counted. Every few seconds what was counted becomes a report; the totals are
// what /metrics shows. Nothing here is on the way of a request but additions.

import type { Clock } from '@heddle/shared/clock'
import type { RuleRow } from '@heddle/shared/wire/metrics'
import type { FinishedRequest, Log, SeriesLabels, Telemetry } from '../interfaces.ts'
import type { AccessLog } from './accessLog.ts'
import { CallPatterns, OTHER } from './callPatterns.ts'
import { type Counted, EVENTS, type Gauges } from './counted.ts'
import { below, type Nested } from './nested.ts'
import { OpenConnections } from './openConnections.ts'
import type { ReportContents } from './reports.ts'
import { SeriesTable } from './series.ts'

export type RuleVerdict = RuleRow['verdict']
export type EventName = Parameters<Telemetry['event']>[0]

/** (rule, source, verdict); rules come from config, sources are services: far more than a mesh has. */
const MOST_RULE_SERIES = 2_000
/** Rows of one family in one report (the wire's limit). */
const ROWS_PER_REPORT = 5_000
/** Lines in the log for one kind of event within a minute; the rest is only counted. */
const LINES_PER_MINUTE = 20

interface RuleCount {
  row: RuleRow
  total: number
}

export class Recorder implements Telemetry {
  readonly series = new SeriesTable()
  readonly open = new OpenConnections()
  readonly inFlightNow = { outbound: 0, inbound: 0 }
  readonly events = new Map<EventName, number>()
  readonly rules: RuleCount[] = []
  /** The same by rule, source and verdict. */
  readonly #rulesFound: Nested<Nested<Nested<RuleCount>>> = new Map()
  readonly #patterns = new CallPatterns()
  readonly #clock: Clock
  readonly #log: Log
  readonly #accessLog: AccessLog
  #intervalStartedAt: number
  #minuteStartedAt = Number.NEGATIVE_INFINITY
  readonly #linesThisMinute = new Map<EventName, number>()

  constructor(clock: Clock, log: Log, accessLog: AccessLog) {
    this.#clock = clock
    this.#log = log
    this.#accessLog = accessLog
    this.#intervalStartedAt = clock.monotonic()
  }

  finished(request: FinishedRequest): void {
    this.series.record(request, this.#clock.monotonic())
    if (request.side === 'inbound') this.#patterns.count(request.source, request.method, request.path, request.route)
    if (this.#accessLog.sample > 0) this.#accessLog.maybe(request)
  }

  moved(labels: SeriesLabels, bytesIn: number, bytesOut: number): void {
    this.series.moved(labels, bytesIn, bytesOut, this.#clock.monotonic())
  }

  connectionsOpen(labels: SeriesLabels, change: 1 | -1): void {
    this.open.count(labels, change)
  }

  ruleHit(rule: string, source: string, verdict: RuleVerdict): void {
    const count = this.#ruleCount(rule, source, verdict)
    count.row.hits++
    count.total++
  }

  inFlight(side: 'outbound' | 'inbound', change: 1 | -1): void {
    this.inFlightNow[side] += change
  }

  event(name: EventName, fields: Record<string, string | number>): void {
    this.events.set(name, (this.events.get(name) ?? 0) + 1)
    const now = this.#clock.monotonic()
    if (now - this.#minuteStartedAt > 60_000) {
      this.#minuteStartedAt = now
      this.#linesThisMinute.clear()
    }
    const lines = (this.#linesThisMinute.get(name) ?? 0) + 1
    this.#linesThisMinute.set(name, lines)
    if (lines <= LINES_PER_MINUTE) this.#log.warn(name.replaceAll('_', ' '), fields)
  }

  /** What was counted since the last time; several where one would be too large, none where there was nothing. */
  drain(): ReportContents[] {
    const now = this.#clock.monotonic()
    const intervalMs = Math.min(3_600_000, now - this.#intervalStartedAt)
    this.#intervalStartedAt = now
    const { routes, edges } = this.series.drain(now)
    const rules = this.#takeRules()
    const patterns = this.#patterns.drain()
    const longest = Math.max(routes.length, edges.length, rules.length, patterns.length)
    const contents: ReportContents[] = []
    for (let at = 0; at < longest; at += ROWS_PER_REPORT) {
      const part = <T>(rows: T[]) => rows.slice(at, at + ROWS_PER_REPORT)
      contents.push({
        intervalMs,
        routes: part(routes),
        edges: part(edges),
        rules: part(rules),
        patterns: part(patterns),
      })
    }
    return contents
  }

  /** What was counted since the last time, for another process of this proxy; a recorder that is drained is not taken from. */
  take(): Counted {
    const events = Object.fromEntries(this.events)
    this.events.clear()
    return {
      ...this.series.take(this.#clock.monotonic()),
      rules: this.#takeRules(),
      patterns: this.#patterns.drain(),
      events,
      gauges: { inFlight: { ...this.inFlightNow }, open: this.open.gauges() },
    }
  }

  /** Adds what another process has taken. `before`: its gauges at the last time. */
  merge(counted: Counted, before: Gauges): void {
    this.series.merge(counted, this.#clock.monotonic())
    for (const { rule, source, verdict, hits } of counted.rules) {
      const count = this.#ruleCount(rule, source, verdict)
      count.row.hits += hits
      count.total += hits
    }
    for (const row of counted.patterns) this.#patterns.add(row)
    for (const name of EVENTS) {
      const n = counted.events[name] ?? 0
      if (n > 0) this.events.set(name, (this.events.get(name) ?? 0) + n)
    }
    this.replaceGauges(before, counted.gauges)
  }

  /** The gauges of another process are others now. */
  replaceGauges(before: Gauges, now: Gauges): void {
    for (const side of ['outbound', 'inbound'] as const)
      this.inFlightNow[side] += now.inFlight[side] - before.inFlight[side]
    for (const { n, ...labels } of before.open) this.open.count(labels, -n)
    for (const { n, ...labels } of now.open) this.open.count(labels, n)
  }

  #takeRules(): RuleRow[] {
    const rules: RuleRow[] = []
    for (const count of this.rules) {
      if (count.row.hits === 0) continue
      rules.push(count.row)
      count.row = { ...count.row, hits: 0 }
    }
    return rules
  }

  #ruleCount(rule: string, source: string, verdict: RuleVerdict): RuleCount {
    const known = this.#rulesFound.get(rule)?.get(source)?.get(verdict)
    if (known !== undefined) return known
    if (this.rules.length >= MOST_RULE_SERIES && source !== OTHER) return this.#ruleCount(rule, OTHER, verdict)
    const count = { row: { rule, source, verdict, hits: 0 }, total: 0 }
    this.rules.push(count)
    below(below(this.#rulesFound, rule), source).set(verdict, count)
    return count
  }
}
