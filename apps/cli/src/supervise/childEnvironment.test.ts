import { expect, test } from 'vitest'
import { childEnvironment } from './childEnvironment.ts'

// A `heddle run` inside another one must not hand on the outer one's ports, and the user's options for Node are for
// the user's programs.
test('a child gets exactly the HEDDLE variables that it is told', () => {
  const env = childEnvironment(
    { PATH: '/bin', HEDDLE_OUTBOUND_PORT: '1', HEDDLE_TOKEN: 'x', NODE_OPTIONS: '--inspect' },
    '/home/cache',
    { HEDDLE_SERVICE: 'cart' },
  )
  expect(env).toEqual({ PATH: '/bin', NODE_COMPILE_CACHE: '/home/cache', HEDDLE_SERVICE: 'cart' })
})

// The password of the database's owner is not for proxies, consoles and the shop's programs.
test('only who is told of a database has its URL', () => {
  const variables = { DATABASE_URL: 'postgresql://owner:secret@db/x', CONSOLE_DATABASE_URL: 'postgresql://c:s@db/x' }
  expect(childEnvironment(variables, '/cache', {})).toEqual({ NODE_COMPILE_CACHE: '/cache' })
  expect(childEnvironment(variables, '/cache', { DATABASE_URL: 'postgresql://told' })).toEqual({
    NODE_COMPILE_CACHE: '/cache',
    DATABASE_URL: 'postgresql://told',
  })
})
