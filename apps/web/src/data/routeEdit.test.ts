import { grpcRuleSchema } from '@heddle/shared/resources/grpcRoute'
import { httpRouteSchema, RETRY_NON_IDEMPOTENT_ANNOTATION, routeRuleSchema } from '@heddle/shared/resources/httpRoute'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { yamlOf } from './resourceYaml.ts'
import {
  allowsNonIdempotent,
  freeName,
  isOneRuleOf,
  isTied,
  movedBefore,
  onlyNonIdempotent,
  takesEverything,
  withAnnotations,
  withNonIdempotent,
  withoutRule,
  withRule,
} from './routeEdit.ts'
import { backendsInWords } from './routeWords.ts'

const route = httpRouteSchema.parse({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'catalog', labels: { team: 'shop' }, annotations: { note: 'kept' } },
  spec: { parentRefs: [{ kind: 'Service', name: 'catalog' }], rules: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
})
const names = (changed: typeof route | null) => changed?.spec.rules.map(({ name }) => name)

// A rule is put where the old one was, and behind the others where that one is gone.
test('rules are put in, taken out and moved', () => {
  expect(names(withRule(route, 'b', { name: 'b2' }))).toEqual(['a', 'b2', 'c'])
  expect(names(withRule(route, null, { name: 'd' }))).toEqual(['a', 'b', 'c', 'd'])
  expect(names(withRule(route, 'gone', { name: 'd' }))).toEqual(['a', 'b', 'c', 'd'])
  expect(names(withoutRule(route, 'b'))).toEqual(['a', 'c'])
  expect(names(withoutRule(route, 'gone'))).toEqual(['a', 'b', 'c'])
  expect(names(movedBefore(route, 'c', 'a'))).toEqual(['c', 'a', 'b'])
  expect(names(movedBefore(route, 'a', 'c'))).toEqual(['b', 'a', 'c'])
  expect(names(movedBefore(route, 'a', 'gone'))).toEqual(['a', 'b', 'c'])
  expect(names(movedBefore(route, 'a', 'a'))).toEqual(['a', 'b', 'c'])
})

// What is written as YAML goes back into the form only where the form can hold it: annotations and the one rule.
test('a text is of one rule, or holds what the form would lose', () => {
  const edited = withAnnotations(withRule(route, 'b', { name: 'b2' }), { note: 'new' })
  expect(isOneRuleOf(route, edited, 1, 1)).toBe(true)
  expect(isOneRuleOf(route, withRule(route, null, { name: 'd' }), 3, -1)).toBe(true)
  expect(isOneRuleOf(null, { ...route, spec: { ...route.spec, rules: [{ name: 'a' }] } }, 0, -1)).toBe(true)
  expect(isOneRuleOf(null, route, 0, -1)).toBe(false)
  expect(isOneRuleOf(route, withRule(edited, 'c', { name: 'c2' }), 1, 1)).toBe(false)
  expect(isOneRuleOf(route, { ...edited, metadata: { ...edited.metadata, labels: {} } }, 1, 1)).toBe(false)
})

// What the editor wrote as YAML itself it takes back into its fields, as it is stored and read again.
test('the text of an edit is of one rule', () => {
  const stored = httpRouteSchema.parse({
    ...route,
    metadata: { ...route.metadata, resourceVersion: '7' },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: 'catalog' }],
      rules: [
        {
          name: 'a',
          matches: [{ path: { value: '/a' } }],
          backendRefs: [{ kind: 'Service', name: 'catalog', weight: 1 }],
        },
        { name: 'b', timeouts: { request: '2s' } },
      ],
    },
  })
  const text = yamlOf(withRule(stored, 'b', { name: 'b', timeouts: { request: '3s' } }))
  const written = httpRouteSchema.parse(parse(text))
  expect(isOneRuleOf(stored, written, 1, 1)).toBe(true)
  expect(isOneRuleOf(stored, written, 0, 0)).toBe(false)
})

// Whoever reviews two backends reads what each of them gets.
test('backends in words', () => {
  const words = (...weights: number[]) => backendsInWords(weights.map((weight, i) => ({ name: `v${i + 1}`, weight })))
  expect(words(3)).toBe('v1')
  expect(words(3, 1).replaceAll('\u00a0', ' ')).toBe('v1 (75 %), v2 (25 %)')
})

test('annotations are replaced as a whole, or left', () => {
  expect(withAnnotations(route, null)).toBe(route)
  expect(withAnnotations(route, { a: 'b' }).metadata.annotations).toEqual({ a: 'b' })
  expect('annotations' in withAnnotations(route, {}).metadata).toBe(false)
})

// A route without rules does not exist: taking the last one out deletes it.
test('the last rule takes its route with it', () => {
  expect(withoutRule({ ...route, spec: { ...route.spec, rules: [{ name: 'a' }] } }, 'a')).toBe(null)
})

// The annotation that lets POST be repeated comes and goes; labels and other annotations stay.
test('other annotations stay', () => {
  const allowed = withNonIdempotent(route, true)
  expect(allowed.metadata).toEqual({
    ...route.metadata,
    annotations: { note: 'kept', [RETRY_NON_IDEMPOTENT_ANNOTATION]: 'true' },
  })
  expect(allowsNonIdempotent(allowed)).toBe(true)
  expect(withNonIdempotent(allowed, false)).toEqual(route)
  expect(withNonIdempotent(route, false)).toBe(route)
})

// The retries of a rule for POST alone do little: who writes them is told so.
test('what is repeated only where the route allows it', () => {
  expect(onlyNonIdempotent({ matches: [{ method: 'POST' }, { method: 'PATCH' }] })).toEqual(['POST', 'PATCH'])
  expect(onlyNonIdempotent({ matches: [{ method: 'POST' }, { method: 'GET' }] })).toEqual([])
  expect(onlyNonIdempotent({ matches: [{ method: 'POST' }, {}] })).toEqual([])
  expect(onlyNonIdempotent({})).toEqual([])
})

// A first route answers 404 to all that it does not take.
test('a rule that takes everything', () => {
  const rule = (...matches: object[]) => routeRuleSchema.parse({ matches })
  expect(takesEverything(rule())).toBe(true)
  expect(takesEverything(rule({ path: { value: '/a' } }, { path: { type: 'PathPrefix', value: '/' } }))).toBe(true)
  expect(takesEverything(rule({ headers: [{ name: 'a', value: 'b' }] }))).toBe(false)
  expect(takesEverything(rule({ path: { type: 'Exact', value: '/' } }))).toBe(false)
  expect(takesEverything(rule({ method: 'GET' }))).toBe(false)
  expect(takesEverything(rule({ queryParams: [{ name: 'a', value: 'b' }] }))).toBe(false)
  expect(takesEverything(grpcRuleSchema.parse({ matches: [{ method: { service: 'shop.Catalog' } }] }))).toBe(false)
  expect(takesEverything(grpcRuleSchema.parse({ matches: [{}] }))).toBe(true)
})

// Only where the place in the file decides does moving a rule change what wins.
test('ties are between rules of one route', () => {
  const entry = (route: string, rule: string, winsBy: string | null) => ({
    route,
    rule,
    label: `${route}/${rule}`,
    winsBy,
  })
  expect(isTied([entry('r', 'a', 'order in the route'), entry('r', 'b', null)], 0)).toBe(true)
  expect(isTied([entry('r', 'a', 'order in the route'), entry('r', 'a', null)], 0)).toBe(false)
  expect(isTied([entry('r', 'a', 'method'), entry('r', 'b', null)], 0)).toBe(false)
  expect(isTied([entry('r', 'b', null)], 0)).toBe(false)
})

test('a new route finds a free name', () => {
  expect(freeName('catalog', [])).toBe('catalog')
  expect(freeName('catalog', ['catalog', 'catalog-2'])).toBe('catalog-3')
})
