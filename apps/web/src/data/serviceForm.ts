// A Service's settings as the fields of its form, and back: texts that are empty where the default holds. What has no
// field (annotations) travels along. Pure.
import type { Service } from '@heddle/shared/resources/service'
import { numberOf, present, textOf } from './formText.ts'

export interface ServiceForm {
  name: string
  owner: string
  labels: { key: string; value: string }[]
  protocol: string
  balancing: string
  breaker: { consecutiveFailures: string; minPenalty: string; maxPenalty: string }
  retryBudget: { percent: string; minPerSecond: string; window: string }
  limits: { requestsPerSecond: string; perCaller: string }
  objective: { successRate: string; latencyP99: string }
  links: { name: string; href: string }[]
}

export function serviceFormOf(service: Service | null): ServiceForm {
  const { breaker, retryBudget, limits, objective, ...spec } = service?.spec ?? {}
  const { owner = '', ...labels } = service?.metadata.labels ?? {}
  return {
    name: service?.metadata.name ?? '',
    owner,
    labels: Object.entries(labels).map(([key, value]) => ({ key, value })),
    protocol: spec.protocol ?? '',
    balancing: spec.balancing ?? '',
    breaker: {
      consecutiveFailures: textOf(breaker?.consecutiveFailures),
      minPenalty: breaker?.minPenalty ?? '',
      maxPenalty: breaker?.maxPenalty ?? '',
    },
    retryBudget: {
      percent: textOf(retryBudget?.percent),
      minPerSecond: textOf(retryBudget?.minPerSecond),
      window: retryBudget?.window ?? '',
    },
    limits: {
      requestsPerSecond: textOf(limits?.requestsPerSecond),
      perCaller: textOf(limits?.perCaller),
    },
    objective: { successRate: textOf(objective?.successRate), latencyP99: objective?.latencyP99 ?? '' },
    links: Object.entries(spec.links ?? {}).map(([name, href]) => ({ name, href })),
  }
}

/** The resource that the fields mean, not yet checked. `base`: the one that was opened, for what has no field. */
export function serviceOfForm(form: ServiceForm, base: Service | null): unknown {
  const { annotations, namespace } = base?.metadata ?? {}
  const labels = Object.fromEntries(form.labels.map(({ key, value }) => [key, value]))
  if (form.owner !== '') labels.owner = form.owner
  return {
    apiVersion: 'heddle.dev/v1',
    kind: 'Service',
    metadata: present({
      name: form.name,
      namespace,
      labels: Object.keys(labels).length === 0 ? undefined : labels,
      annotations,
    }),
    spec: present({
      protocol: filled(form.protocol),
      balancing: filled(form.balancing),
      breaker: group({
        consecutiveFailures: numberOf(form.breaker.consecutiveFailures),
        minPenalty: filled(form.breaker.minPenalty),
        maxPenalty: filled(form.breaker.maxPenalty),
      }),
      retryBudget: group({
        percent: numberOf(form.retryBudget.percent),
        minPerSecond: numberOf(form.retryBudget.minPerSecond),
        window: filled(form.retryBudget.window),
      }),
      limits: group({
        requestsPerSecond: numberOf(form.limits.requestsPerSecond),
        perCaller: numberOf(form.limits.perCaller),
      }),
      objective: group({
        successRate: numberOf(form.objective.successRate),
        latencyP99: filled(form.objective.latencyP99),
      }),
      links: form.links.length === 0 ? undefined : Object.fromEntries(form.links.map(({ name, href }) => [name, href])),
    }),
  }
}

/** Two rows of one name would become one entry, and one of them be lost unseen. */
export function repeatedKeys(form: ServiceForm): { path: (string | number)[]; message: string }[] {
  const mistakes: { path: (string | number)[]; message: string }[] = []
  const keys = form.labels.map(({ key }) => key)
  for (const [i, key] of keys.entries()) {
    if (keys.indexOf(key) < i) mistakes.push({ path: ['labels', i, 'key'], message: 'is there twice' })
    if (key === 'owner') mistakes.push({ path: ['labels', i, 'key'], message: 'the owner has a field of its own' })
    if (key === '') mistakes.push({ path: ['labels', i, 'key'], message: 'is required' })
  }
  const names = form.links.map(({ name }) => name)
  for (const [i, name] of names.entries())
    if (names.indexOf(name) < i) mistakes.push({ path: ['links', i, 'name'], message: 'is there twice' })
  return mistakes
}

const filled = (text: string): string | undefined => (text === '' ? undefined : text)

function group(fields: object): object | undefined {
  const kept = present(fields)
  return Object.keys(kept).length === 0 ? undefined : kept
}

/** Where the resource's mistake is in the form: labels and links are rows there. */
export function serviceFormPath(path: readonly PropertyKey[], form: ServiceForm): (string | number)[] {
  const [head, ...rest] = path.map((key) => (typeof key === 'number' ? key : String(key)))
  if (head === 'metadata' && rest[0] === 'labels') {
    if (rest[1] === 'owner') return ['owner']
    return [
      'labels',
      Math.max(
        0,
        form.labels.findIndex(({ key }) => key === rest[1]),
      ),
      'value',
    ]
  }
  if (head === 'metadata') return ['name']
  if (head === 'spec' && rest[0] === 'links')
    return [
      'links',
      Math.max(
        0,
        form.links.findIndex(({ name }) => name === rest[1]),
      ),
      'href',
    ]
  return head === 'spec' ? rest : ['name']
}
