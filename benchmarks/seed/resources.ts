// The made mesh as resources, in the form that `heddle apply` takes. Pure.
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import { type MadeRoute, type MadeService, RULES_OF_A_ROUTE } from './mesh.ts'

/** A resource as a document, before it is checked. */
export type Document = Record<string, unknown> & { kind: string; metadata: Record<string, unknown> & { name: string } }

const GATEWAY = 'gateway.networking.k8s.io/v1'
const OWN = 'heddle.dev/v1'

export function serviceDocument(service: MadeService): Document {
  const slowest = Math.max(...service.routes.map(({ medianMs, spread }) => medianMs * Math.exp(3.2 * spread)))
  return {
    apiVersion: OWN,
    kind: 'Service',
    metadata: { name: service.name, labels: { owner: service.owner } },
    spec: {
      objective: {
        successRate: service.rank % 3 === 0 ? 99 : 99.5,
        ...(service.rank % 4 === 0 && { latencyP99: `${Math.ceil(slowest)}ms` }),
      },
    },
  }
}

/** None for a service whose only route is `default`. */
export function routeDocuments(service: MadeService, weights: readonly number[] = [90, 10]): Document[] {
  const routes = service.routes.filter(({ label }) => label !== 'default')
  const groups = Map.groupBy(routes, ({ label }) => label.split('/')[0] ?? '')
  return [...groups].map(([name, rules]) => routeDocument(service, name, rules, weights))
}

function routeDocument(
  service: MadeService,
  name: string,
  rules: readonly MadeRoute[],
  weights: readonly number[],
): Document {
  if (rules.length > RULES_OF_A_ROUTE) throw new Error(`${name} would have ${rules.length} rules`)
  const backendRefs =
    service.versions.length < 2
      ? undefined
      : service.versions.map(({ version }, i) => ({ name: `${service.name}-${version}`, weight: weights[i] ?? 0 }))
  return {
    apiVersion: GATEWAY,
    kind: 'HTTPRoute',
    metadata: { name },
    spec: {
      parentRefs: [{ kind: 'Service', name: service.name }],
      rules: rules.map(({ label, method, path }, i) => ({
        name: label.split('/')[1],
        matches: [{ path: { type: 'PathPrefix', value: path }, method }],
        ...(i % 3 === 0 && { retry: { codes: [502, 503, 504], attempts: 2 } }),
        ...(i % 2 === 0 && { timeouts: { request: '2s' } }),
        ...(backendRefs !== undefined && { backendRefs }),
      })),
    },
  }
}

export const ruleNameOf = (service: MadeService): string => `${service.name}-callers`

/** Whom it may be called by; null where nobody has written a rule for it. */
export function ruleDocument(service: MadeService): Document | null {
  const from = service.callers
    .filter(({ source }) => source !== PUBLIC_SOURCE)
    .map(({ source }) => ({ service: source }))
  if (!service.isGuarded || from.length === 0) return null
  return {
    apiVersion: OWN,
    kind: 'AccessRule',
    metadata: { name: ruleNameOf(service) },
    spec: {
      target: { service: service.name },
      action: 'Allow',
      mode: service.rank % 5 === 0 ? 'audit' : 'enforce',
      from,
    },
  }
}
