// Whose rows they are: a proxy reports calls that its own service made (outbound) or answered (inbound), and hits of
// rules on its own service. Rows that say otherwise are left out and counted; identity comes from the certificate.
import type { MetricsPayload } from '@heddle/shared/wire/metrics'

export interface Attribution {
  payload: MetricsPayload
  /** Rows left out because they spoke for another service. */
  forged: number
}

/** `ruleTarget`: the service that a rule is about; undefined where there is no such rule (any more). */
export function attribute(
  payload: MetricsPayload,
  service: string,
  ruleTarget: (rule: string) => string | undefined,
): Attribution {
  const clean = cleanLabels(payload)
  const routes = clean.routes.filter((row) => row.side === 'outbound' || row.destination === service)
  const edges = clean.edges.filter((row) => (row.side === 'outbound' ? row.source : row.destination) === service)
  const rules = clean.rules.filter((row) => (ruleTarget(row.rule) ?? service) === service)
  const forged =
    clean.routes.length - routes.length + (clean.edges.length - edges.length) + (clean.rules.length - rules.length)
  return { payload: { ...clean, routes, edges, rules }, forged }
}

/** Postgres refuses NUL and lone surrogates in text: one such label would keep everybody's rows from being written. */
const clean = (label: string): string =>
  /\0|\p{Surrogate}/u.test(label) ? label.toWellFormed().replaceAll('\0', '') || '-' : label

function cleanLabels(payload: MetricsPayload): MetricsPayload {
  return {
    ...payload,
    bootId: clean(payload.bootId),
    routes: payload.routes.map((row) => ({
      ...row,
      destination: clean(row.destination),
      version: clean(row.version),
      route: clean(row.route),
      meshErrors: cleanKeys(row.meshErrors),
    })),
    edges: payload.edges.map((row) => ({
      ...row,
      source: clean(row.source),
      destination: clean(row.destination),
      meshErrors: cleanKeys(row.meshErrors),
    })),
    rules: payload.rules.map((row) => ({ ...row, rule: clean(row.rule), source: clean(row.source) })),
    patterns: payload.patterns.map((row) => ({
      ...row,
      source: clean(row.source),
      method: clean(row.method),
      path: clean(row.path),
      route: clean(row.route),
    })),
  }
}

function cleanKeys(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([code, n]) => [clean(code), n]))
}
