import { expect, test } from 'vitest'
import { MESH_ERROR_CODES, MESH_ERRORS, problemOf } from './errors.ts'

// Whoever meets an error of the mesh reads what is wrong and what to do next, in sentences, with nothing of its inside.
test.each(MESH_ERROR_CODES)('%s says what to do', (code) => {
  const { message, advice } = MESH_ERRORS[code]
  for (const sentence of [message, advice]) expect(sentence).toMatch(/^[A-Z].{15,}\.$/)
  expect(advice).not.toBe(message)
  expect(`${message} ${advice}`).not.toMatch(/\b(?:undici|ECONN|EPIPE|stack|Postgres|spiffe)/)
  expect(problemOf(code, 'rule "x"')).toMatchObject({ code, title: message, advice, detail: 'rule "x"' })
})
