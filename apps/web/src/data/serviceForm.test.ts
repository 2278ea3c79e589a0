import { type Service, serviceSchema } from '@heddle/shared/resources/service'
import { pickOne, seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { repeatedKeys, serviceFormOf, serviceFormPath, serviceOfForm } from './serviceForm.ts'

function randomService(random: () => number): Service {
  const optional = <T>(make: () => T): T | undefined => (random() < 0.5 ? make() : undefined)
  const pick = <T>(items: readonly T[]) => pickOne(random, items)
  const duration = () => pick(['1s', '1500ms', '1m', '2m30s'])
  const group = (fields: object) => (Object.values(fields).every((field) => field === undefined) ? undefined : fields)
  return serviceSchema.parse(
    JSON.parse(
      JSON.stringify({
        apiVersion: 'heddle.dev/v1',
        kind: 'Service',
        metadata: {
          name: 'catalog',
          namespace: optional(() => 'default'),
          labels: group({ owner: optional(() => pick(['shop', '🧵', '<script>'])), team: optional(() => 'a') }),
          annotations: group({ note: optional(() => '‮') }),
        },
        spec: {
          protocol: optional(() => pick(['http', 'grpc', 'tcp'])),
          balancing: optional(() => pick(['peak-ewma', 'round-robin'])),
          breaker: group({
            consecutiveFailures: optional(() => 3),
            minPenalty: optional(() => pick(['500ms', '1s'])),
            maxPenalty: optional(() => pick(['1m', '2m30s'])),
          }),
          retryBudget: group({
            percent: optional(() => pick([0, 20, 100])),
            minPerSecond: optional(() => 0),
            window: optional(duration),
          }),
          limits: group({ requestsPerSecond: optional(() => 500), perCaller: optional(() => 1) }),
          objective: group({ successRate: optional(() => pick([0, 99.5, 100])), latencyP99: optional(duration) }),
          links: group({ logs: optional(() => 'https://example.test/{service}?q={route}') }),
        },
      }),
    ),
  )
}

// Whatever was applied as YAML opens in the form and is saved from it as the same resource.
test('random services survive the form', () => {
  const random = seededRandom(7)
  for (let n = 0; n < 2_000; n++) {
    const service = randomService(random)
    expect(serviceSchema.parse(serviceOfForm(serviceFormOf(service), service))).toEqual(service)
  }
})

// An empty form is a service with every default.
test('nothing written means the defaults', () => {
  const form = { ...serviceFormOf(null), name: 'new' }
  expect(serviceSchema.parse(serviceOfForm(form, null))).toEqual({
    apiVersion: 'heddle.dev/v1',
    kind: 'Service',
    metadata: { name: 'new' },
    spec: {},
  })
})

// A mistake of the resource is shown at its row or field of the form.
test('mistakes lead to their fields', () => {
  const form = {
    ...serviceFormOf(null),
    name: 'new',
    owner: 'x'.repeat(64),
    labels: [{ key: 'team', value: 'y'.repeat(64) }],
    links: [{ name: 'logs', href: 'javascript:alert(1)' }],
    objective: { successRate: '101', latencyP99: '' },
  }
  const { error } = serviceSchema.safeParse(serviceOfForm(form, null))
  expect(error?.issues.map(({ path }) => serviceFormPath(path, form).join('.')).toSorted()).toEqual([
    'labels.0.value',
    'links.0.href',
    'objective.successRate',
    'owner',
  ])
  expect(
    repeatedKeys({
      ...form,
      labels: [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
        { key: 'owner', value: '' },
      ],
      links: [
        { name: 'x', href: '' },
        { name: 'x', href: '' },
      ],
    }).map(({ path }) => path.join('.')),
  ).toEqual(['labels.1.key', 'labels.2.key', 'links.1.name'])
})
