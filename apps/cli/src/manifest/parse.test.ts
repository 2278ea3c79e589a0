import { expect, test } from 'vitest'
import { formatMistake, parseManifest } from './parse.ts'

const mistakesIn = (text: string): string[] => parseManifest({ name: 'shop.yaml', text }).mistakes.map(formatMistake)

const ROUTE = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: catalog
spec:
  parentRefs:
    - { kind: Service, name: catalog }
  rules:
    - backendRefs:
        - name: catalog-v1
          weight: 90
        - name: catalog-v2
          weight: -10
`

// A mistake of the schema stands at its field, in the second document as in the first.
test('schema mistakes have the line and column of their field', () => {
  expect(mistakesIn(ROUTE)).toEqual([
    'shop.yaml:13:11: spec.rules[0].backendRefs[1].weight: a weight cannot be negative',
  ])
  expect(mistakesIn(`kind: Service\napiVersion: heddle.dev/v1\nmetadata: { name: cart }\n---\n${ROUTE}`)).toEqual([
    'shop.yaml:17:11: spec.rules[0].backendRefs[1].weight: a weight cannot be negative',
  ])
})

// Fractions are refused with the word that helps.
test('a fractional weight is refused', () => {
  expect(mistakesIn(ROUTE.replace('-10', '0.5'))[0]).toMatch(/^shop.yaml:13:11: .*weight.*/)
})

// All mistakes are told at once: unknown fields, wrong types, missing ones.
test('every mistake is listed', () => {
  const found = mistakesIn(`apiVersion: heddle.dev/v1
kind: AccessRule
metadata:
  name: payments-from-checkout
  lables: {}
spec:
  target: { service: payments }
  action: Alow
`)
  expect(found).toHaveLength(3)
  expect(found).toContain('shop.yaml:5:3: unknown field "lables"')
  expect(found.some((line) => line.startsWith('shop.yaml:8:3: spec.action: '))).toBe(true)
  expect(found.some((line) => line.startsWith('shop.yaml:6:1: spec.from: '))).toBe(true)
})

// The commonest slips of YAML itself: twice the same key, tabs, text that does not parse.
test('duplicate keys, tabs and broken YAML have their place', () => {
  expect(mistakesIn('kind: Service\nkind: Service\n')).toEqual(['shop.yaml:2:1: this key is given twice'])
  expect(mistakesIn('kind: Service\nmetadata:\n\tname: cart\n')[0]).toBe(
    'shop.yaml:3:1: a tab cannot indent YAML; use spaces',
  )
  expect(mistakesIn('kind: [Service\nmetadata: {}\n')[0]).toMatch(/^shop.yaml:\d+:\d+: /)
})

// An unknown kind is answered with the one that was meant.
test('a misspelt kind gets advice', () => {
  expect(mistakesIn('apiVersion: v1\nkind: HttpRoute\n')).toEqual([
    'shop.yaml:2:1: unknown kind "HttpRoute", did you mean "HTTPRoute"?',
  ])
  expect(mistakesIn('apiVersion: v1\nkind: Deployment\n')[0]).toContain('there are Service, HTTPRoute')
  expect(mistakesIn('name: cart\n')[0]).toContain('"kind" is missing')
  expect(mistakesIn('- a\n- b\n')[0]).toContain('a resource is a map')
})

// Comments, empty documents and a last `---` say nothing and are no mistake.
test('empty documents are skipped', () => {
  const { documents, mistakes } = parseManifest({
    name: 'x',
    text: '# nothing\n---\n---\nkind: Service\napiVersion: heddle.dev/v1\nmetadata: {name: cart}\n---\n',
  })
  expect(mistakes).toEqual([])
  expect(documents.map(({ value }) => value)).toEqual([
    { kind: 'Service', apiVersion: 'heddle.dev/v1', metadata: { name: 'cart' } },
  ])
})

// A mistake found by the console comes back as document and path, and finds its line; a missing field, its parent.
test('a path leads to its place, or to the nearest thing above it', () => {
  const [document] = parseManifest({ name: 'shop.yaml', text: ROUTE.replace('-10', '10') }).documents
  expect(document?.locate(['spec', 'rules', 0, 'backendRefs', 1, 'name'])).toEqual({
    file: 'shop.yaml',
    line: 12,
    column: 11,
  })
  expect(document?.locate(['spec', 'rules', 0, 'timeouts', 'request'])).toEqual({
    file: 'shop.yaml',
    line: 9,
    column: 7,
  })
  expect(document?.locate([])).toEqual({ file: 'shop.yaml', line: 1, column: 1 })
})

// A few lines of aliases must not become gigabytes.
test('exploding aliases are refused', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
  ].join('\n')
  expect(mistakesIn(bomb)).toHaveLength(1)
})
