import { type GrpcRoute, grpcRuleSchema } from '@heddle/shared/resources/grpcRoute'
import { expect, test } from 'vitest'
import { editOfFields, type PolicyForm, policyOf } from './routePolicy.ts'
import { ATTEMPTS, GRPC, grpcRouteWith as route } from './testGrpcRoute.ts'

const NON_IDEMPOTENT = 'heddle.dev/retry-non-idempotent'

const rule = grpcRuleSchema.parse({ name: 'all', matches: [{ method: { service: 'bank.Ledger' } }] })
const editOf = (base: GrpcRoute | null, policy: PolicyForm) =>
  editOfFields({ kind: 'GRPCRoute', service: 'ledger', base, name: 'ledger', was: 'all', rule, policy })
const base = route({ note: 'old', [GRPC]: 'unavailable', [ATTEMPTS]: '1' })
const others = route({ note: 'new', [GRPC]: 'aborted', [ATTEMPTS]: '3', [NON_IDEMPOTENT]: 'true' })
const annotationsOn = (policy: Partial<PolicyForm>) =>
  editOf(base, { ...policyOf(base), ...policy })(others)?.metadata.annotations

// One has changed a match, another the retries: what one reviews on top of the other's takes nothing of it back.
test('retries that nobody touched stay as another has changed them', () => {
  expect(editOf(base, policyOf(base))(others)).toEqual({ ...others, spec: { ...others.spec, rules: [rule] } })
  const without = route()
  expect(editOf(base, policyOf(base))(without)).toEqual({ ...without, spec: { ...without.spec, rules: [rule] } })
  expect(editOf(null, policyOf(null))(others)?.metadata).toEqual(others.metadata)
})

test('what was touched is written onto the other change, statuses and attempts together', () => {
  const grpcRetry = { isOn: true, statuses: ['internal'], attempts: '1' }
  expect(annotationsOn({ grpcRetry })).toEqual({ ...others.metadata.annotations, [GRPC]: 'internal', [ATTEMPTS]: '1' })
  expect(annotationsOn({ grpcRetry: { ...grpcRetry, isOn: false } })).toEqual({ note: 'new', [NON_IDEMPOTENT]: 'true' })
  const allowed = { ...base, metadata: { ...base.metadata, annotations: { [NON_IDEMPOTENT]: 'true' } } }
  expect(editOf(allowed, { ...policyOf(allowed), nonIdempotent: false })(others)?.metadata.annotations).toEqual({
    note: 'new',
    [GRPC]: 'aborted',
    [ATTEMPTS]: '3',
  })
})

// The fields were read from the YAML then, so they differ from the stored route without having been touched.
test('annotations written as YAML change what they say otherwise, and no more', () => {
  expect(annotationsOn({ annotations: { ...base.metadata.annotations, note: 'mine' } })).toEqual({
    ...others.metadata.annotations,
    note: 'mine',
  })
  const annotations = { note: 'old', [GRPC]: 'internal' }
  expect(annotationsOn({ ...policyOf(route(annotations)), annotations })).toEqual({
    note: 'new',
    [GRPC]: 'internal',
    [NON_IDEMPOTENT]: 'true',
  })
  // Written as YAML, and then set back in the fields.
  expect(editOf(base, { ...policyOf(base), annotations })(base)?.metadata.annotations).toEqual(
    base.metadata.annotations,
  )
})

test('a route that is gone is written anew, whole', () => {
  const fresh = editOf(base, policyOf(base))(null)
  expect(fresh?.metadata).toEqual({ name: 'ledger', annotations: { [GRPC]: 'unavailable', [ATTEMPTS]: '1' } })
  expect(fresh?.spec.rules).toHaveLength(1)
})
