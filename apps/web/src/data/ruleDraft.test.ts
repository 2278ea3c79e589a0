import { accessRuleSchema } from '@heddle/shared/resources/accessRule'
import { expect, test } from 'vitest'
import { draftOf, fitsSentence, newDraft, suggestedName } from './ruleDraft.ts'
import { ruleOf } from './ruleOfDraft.ts'

const rule = Object.freeze(
  accessRuleSchema.parse({
    apiVersion: 'heddle.dev/v1',
    kind: 'AccessRule',
    metadata: { name: 'orders-callers', labels: { owner: 'shop' }, resourceVersion: '7' },
    spec: {
      target: { service: 'orders', route: 'orders/all' },
      action: 'Allow',
      mode: 'audit',
      from: [{ service: 'checkout' }, { any: 'public' }],
      to: [{ methods: ['GET', 'POST'], paths: [{ type: 'PathPrefix', value: '/orders' }] }],
    },
  }),
)

// Opening a rule in the editor and saving it untouched changes nothing of it.
test('a rule survives the editor', () => {
  const { resourceVersion: _, ...metadata } = rule.metadata
  expect(ruleOf(draftOf(rule), rule).rule).toEqual({ ...rule, metadata })
})

// A rule with several groups of paths keeps all of them when its other fields are edited.
test('what the sentence cannot hold is kept', () => {
  const wide = accessRuleSchema.parse({
    ...rule,
    spec: { ...rule.spec, to: [{ methods: ['GET'] }, { paths: [{ type: 'Exact', value: '/x' }] }] },
  })
  expect(fitsSentence(wide)).toBe(false)
  const edited = ruleOf({ ...draftOf(wide), mode: 'enforce' }, wide).rule
  expect(edited?.spec.to).toEqual(wide.spec.to)
  expect(edited?.spec.mode).toBe('enforce')
})

// New rules audit, and what is missing is said before anything is sent.
test('new rules', () => {
  const draft = { ...newDraft('payments'), name: 'payments-from-checkout' }
  expect(draft.mode).toBe('audit')
  expect(ruleOf(draft, null).mistake).toBe('Name at least one caller.')
  expect(ruleOf({ ...draft, callers: ['checkout'] }, null).rule?.spec.to).toBeUndefined()
  const wrong = ruleOf({ ...draft, callers: ['checkout'], paths: [{ type: 'Exact', value: 'charge' }] }, null)
  expect(wrong.mistake).toContain('must begin with "/"')
})

// Suggested names are free.
test('suggested names', () => {
  const draft = { ...newDraft('payments'), callers: ['checkout'] }
  expect(suggestedName(draft, [])).toBe('payments-from-checkout')
  expect(suggestedName(draft, ['payments-from-checkout'])).toBe('payments-from-checkout-2')
})

// A rule about the first service of the alphabet was one press away from anybody who had chosen nothing.
test('a rule begins without a service, and says that it needs one', () => {
  const draft = { ...newDraft(''), callers: ['cart'], name: 'some-rule' }
  expect(ruleOf(draft, null)).toEqual({ rule: null, mistake: 'Choose the service that is called.' })
  expect(suggestedName(draft, [])).toBe('from-cart')
})
