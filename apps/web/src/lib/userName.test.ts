import { expect, test } from 'vitest'
import { userNameSchema } from '../server/schemas/session.ts'
import { userNameMistake } from './userName.ts'

// What the form lets pass is what the server takes.
test.each(['ana', ' Ana ', 'ana@example.com', 'a.b_c+d-e', 'a', '', 'a b', 'Ana Ray', '@ana', 'x'.repeat(65)])(
  'the form and the server agree on %j',
  (name) => {
    expect(userNameMistake(name) === null).toBe(userNameSchema.safeParse(name).success)
  },
)

test('a mistake is a plain sentence', () => {
  expect(userNameMistake('Ana Ray')).toBe('A name is an e-mail address, or letters, digits, ".", "_", "+" and "-".')
})
