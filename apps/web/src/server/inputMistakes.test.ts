import { expect, test } from 'vitest'
import { z } from 'zod'
import { inputMistakes } from './inputMistakes.ts'
import { accessPreviewInputSchema } from './schemas/accessPreview.ts'

const mistakesOf = (schema: z.ZodType, input: unknown) =>
  inputMistakes(schema.safeParse(input).error?.issues ?? []).map(({ path, message }) => [path.join('.'), message])

// "Invalid input" helps nobody: of two forms, the one that was meant is the one that fails furthest in.
test('names the field in the form that was meant', () => {
  const rule = {
    apiVersion: 'heddle.dev/v1',
    kind: 'AccessRule',
    metadata: { name: 'x' },
    spec: { target: { service: 'payments' }, action: 'Refuse', from: [{ service: 'shop' }] },
  }
  expect(mistakesOf(accessPreviewInputSchema, { rule })).toEqual([
    ['rule.spec.action', expect.stringContaining('"Allow"|"Deny"')],
  ])
  expect(mistakesOf(accessPreviewInputSchema, { remove: 'Not A Name' })).toEqual([['remove', expect.any(String)]])
})

test('leaves a union’s own words alone', () => {
  const schema = z.object({ who: z.union([z.string(), z.number()], 'must be a name or a number') })
  expect(mistakesOf(schema, { who: {} })).toEqual([['who', 'must be a name or a number']])
})

test('says what zod says where a union has no form that is near', () => {
  expect(mistakesOf(z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') })]), { kind: 'b' })).toEqual([
    ['kind', expect.any(String)],
  ])
})
