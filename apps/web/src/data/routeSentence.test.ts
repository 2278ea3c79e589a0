import { rulesOf } from '@heddle/shared/resources/anyRoute'
import { httpRouteSchema } from '@heddle/shared/resources/httpRoute'
import { expect, test } from 'vitest'
import { ruleSentence, surprises } from './routeSentence.ts'

const route = (rules: object[], annotations: Record<string, string> = {}) =>
  httpRouteSchema.parse({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'pay', annotations },
    spec: { parentRefs: [{ kind: 'Service', name: 'pay' }], rules },
  })
const POST = { matches: [{ method: 'POST' }], retry: { attempts: 2 } }
const said = (of: ReturnType<typeof route>, isFirst = false, service = 'pay') =>
  surprises(of, rulesOf(of), service, isFirst)

test('who asks for repeats of POST alone reads what of it is repeated', () => {
  expect(said(route([POST, { matches: [{ method: 'POST' }, { method: 'PATCH' }], retry: {} }]))).toBe(
    ' Of POST and PATCH only calls that carried nothing to an application are tried again, unless the route allows more.',
  )
  const { matches } = POST
  expect(said(route([{ matches }, { retry: {} }]))).toBe('')
  expect(said(route([POST], { 'heddle.dev/retry-non-idempotent': 'true' }))).toBe('')
  // A POST that ended with a listed status of gRPC is repeated without other leave.
  expect(said(route([POST], { 'heddle.dev/retry-grpc': 'unavailable' }))).toBe('')
})

test('who adds the first route of a service reads what it does not take', () => {
  const { matches } = POST
  expect(said(route([{ matches }]), true)).toBe(
    ' It is the first route of pay: whatever it does not take is answered 404 (no_route) from then on.',
  )
  expect(said(route([{ matches }]), false)).toBe('')
  expect(said(route([{ matches }, {}]), true)).toBe('')
  expect(said(route([{ matches }]), true, 'cart')).toBe('')
})

test('a rule in a sentence', () => {
  const of = route([POST])
  const plain = (text: string) => text.replaceAll('\u00a0', ' ')
  expect(of.spec.rules.map((rule) => plain(ruleSentence(of, rule, 'pay')))).toEqual([
    'Requests for POST / go to every ready instance of pay, with at most 2 repeats.',
  ])
})
