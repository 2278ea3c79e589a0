import { jsonTransformer } from '@heddle/shared/api/transformer'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { appRouter } from './router.ts'

/** What tRPC keeps of a procedure. */
function definitionOf(procedure: unknown): { type?: unknown; output?: unknown } {
  const definition: unknown = typeof procedure === 'function' ? Reflect.get(procedure, '_def') : undefined
  if (typeof definition !== 'object' || definition === null) throw new Error('not a procedure')
  return definition
}

// Answers travel as plain JSON (jsonTransformer): a date would arrive as a text, a map as {}, without anybody noticing.
test('every answer is JSON as it stands', () => {
  let seen = 0
  for (const [name, procedure] of Object.entries<unknown>(appRouter._def.procedures)) {
    const { type, output } = definitionOf(procedure)
    if (type === 'subscription') continue
    if (!(output instanceof z.ZodType)) throw new Error(`${name} has no schema for its output`)
    expect(() => z.toJSONSchema(output, { io: 'output' }), name).not.toThrow()
    seen++
  }
  expect(seen).toBeGreaterThan(40)
  expect(() => z.toJSONSchema(z.object({ at: z.date() }), { io: 'output' })).toThrow()
})

test('what is not there travels as nothing', () => {
  const over = (value: unknown) =>
    jsonTransformer.deserialize(JSON.parse(JSON.stringify(jsonTransformer.serialize(value))))
  expect(over(undefined)).toBeUndefined()
  expect(over({ range: { lastMs: 1 }, service: undefined })).toEqual({ range: { lastMs: 1 } })
  expect(over(null)).toBeNull()
})
