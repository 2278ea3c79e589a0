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
