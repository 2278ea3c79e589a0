import { expect, test } from 'vitest'
import { homeAt } from '../home.ts'
import { shopEnvironment } from './demo.ts'

// The shop's programs are strangers' code to the database and to other meshes; what is set for them reaches them.
test("the shop gets this mesh and none of up's secrets", () => {
  const variables = {
    PATH: '/bin',
    RATE: '50',
    HEDDLE_HOME: '/elsewhere',
    ...Object.fromEntries(
      ['DATABASE_URL', 'CONSOLE_DATABASE_URL', 'HEDDLE_URL', 'HEDDLE_TOKEN', 'HEDDLE_CONTROL', 'HEDDLE_JOIN_TOKEN'].map(
        (name) => [name, 'secret'],
      ),
    ),
  }
  const home = homeAt('/home/me/.heddle')
  expect(shopEnvironment(variables, home, { PORT: '1' })).toEqual({
    PATH: '/bin',
    RATE: '50',
    PORT: '1',
    HEDDLE_HOME: '/home/me/.heddle',
    NODE_COMPILE_CACHE: home.compileCacheDirectory,
  })
})
