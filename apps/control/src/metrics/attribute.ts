// Whose rows they are: a proxy reports calls that its own service made (outbound) or answered (inbound), and hits of
// rules on its own service. Rows that say otherwise are left out and counted; identity comes from the certificate.
// Of the others that it names only services of the mesh keep their names, so that nobody can invent series.
import { MESH_ERROR_CODES } from '@heddle/shared/errors'
import { EGRESS_DESTINATION, PUBLIC_SOURCE } from '@heddle/shared/names'
import { type MetricsPayload, NO_LABEL } from '@heddle/shared/wire/metrics'
import { FOLDED_LABEL } from './seriesCap.ts'

/** What the mesh has, of what reports name. */
export interface MeshNames {
  isService: (name: string) => boolean
  /** The service that a rule is about; undefined where there is no such rule (any more). */
  ruleTarget: (rule: string) => string | undefined
}

export interface Attribution {
  payload: MetricsPayload
  /** Rows left out because they spoke for another service. */
  forged: number
}

export function attribute(payload: MetricsPayload, service: string, mesh: MeshNames): Attribution {
  const clean = cleanLabels(payload)
  const known = (name: string) => (WORDS.has(name) || mesh.isService(name) ? name : FOLDED_LABEL)
  const routes = clean.routes
    .filter((row) => row.side === 'outbound' || row.destination === service)
    .map((row) => ({ ...row, destination: known(row.destination) }))
  const edges = clean.edges
    .filter((row) => (row.side === 'outbound' ? row.source : row.destination) === service)
    .map((row) => ({ ...row, source: known(row.source), destination: known(row.destination) }))
  const rules = clean.rules
    .filter((row) => (mesh.ruleTarget(row.rule) ?? service) === service)
    .map((row) => ({ ...row, source: known(row.source) }))
  const forged =
    clean.routes.length - routes.length + (clean.edges.length - edges.length) + (clean.rules.length - rules.length)
  return { payload: { ...clean, routes, edges, rules }, forged }
}

/** Labels that are no services, as proxies use them. */
const WORDS: ReadonlySet<string> = new Set([NO_LABEL, EGRESS_DESTINATION, PUBLIC_SOURCE, FOLDED_LABEL])

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
      meshErrors: knownCodes(row.meshErrors),
    })),
    edges: payload.edges.map((row) => ({
      ...row,
      source: clean(row.source),
      destination: clean(row.destination),
      meshErrors: knownCodes(row.meshErrors),
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

const CODES: ReadonlySet<string> = new Set(MESH_ERROR_CODES)

/** A proxy of a newer build may know codes that this one does not: their sum is kept. */
function knownCodes(counts: Record<string, number>): Record<string, number> {
  const known: Record<string, number> = {}
  for (const [code, n] of Object.entries(counts)) {
    const key = CODES.has(code) ? code : FOLDED_LABEL
    known[key] = (known[key] ?? 0) + n
  }
  return known
}
