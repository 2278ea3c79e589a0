import { type Resource, resourceSchema } from '@heddle/shared'
import { expect, test } from 'vitest'
import { canonicalForm } from './canonicalForm.ts'
import { plan, productsRoute, route, service, stored } from './sampleDocuments.ts'

// What `get` prints is what `apply` takes, and applying it changes nothing; so does every other spelling of the same.
test('the canonical form is a fixed point, and unchanged is about meaning', () => {
  const first = plan(stored(service('catalog')), productsRoute).items[0]?.after
  expect(first?.kind === 'HTTPRoute' && first.spec.parentRefs[0]).toEqual({
    group: '',
    kind: 'Service',
    name: 'catalog',
  })
  const weightless = plan(
    stored(service('catalog')),
    route('r', 'catalog', [{ backendRefs: [{ name: 'catalog-v2' }] }]),
  )
  const [printed] = weightless.items.flatMap(({ after }) => (after.kind === 'HTTPRoute' ? after.spec.rules : []))
  expect(printed?.backendRefs).toEqual([{ group: '', kind: 'Service', name: 'catalog-v2', weight: 1 }])
  expect(JSON.stringify(first)).toBe(
    JSON.stringify(canonicalForm(resourceSchema.parse(JSON.parse(JSON.stringify(first))))),
  )
  const current = stored(service('catalog', { breaker: { maxPenalty: '60s' } }), first)
  const results = plan(
    current,
    { ...(productsRoute as object), metadata: { name: 'catalog', namespace: 'default', labels: {} } },
    service('catalog', { breaker: { maxPenalty: '1m', consecutiveFailures: 7 }, balancing: 'peak-ewma' }),
  ).items.map((item) => item.result)
  expect(results).toEqual(['unchanged', 'unchanged'])
  expect(plan(current, service('catalog', { breaker: { maxPenalty: '59s' } })).items[0]?.result).toBe('changed')
})

// An unnamed rule gets a name at its first save, keeps it while its matches stay, and named or not is all the same.
test('unnamed rules keep the name they were given', () => {
  const at = (value: string, weight: number) => ({
    matches: [{ path: { type: 'PathPrefix', value } }],
    backendRefs: [{ name: 'catalog-v2', weight }],
  })
  const namesOf = (resource: Resource | undefined) =>
    resource?.kind === 'HTTPRoute' && resource.spec.rules.map((rule) => rule.name)
  const first = plan(stored(service('catalog')), route('r', 'catalog', [at('/api/products', 1), {}, {}])).items[0]
    ?.after
  expect(namesOf(first)).toEqual(['api-products', 'all', 'all-2'])
  const again = plan(
    stored(service('catalog'), first),
    route('r', 'catalog', [{}, at('/api/products', 9), at('/new', 1)]),
  ).items[0]
  expect(namesOf(again?.after)).toEqual(['all', 'api-products', 'new'])
})
