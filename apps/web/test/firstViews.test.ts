import { expect, test } from 'vitest'
import { readFirstViews } from '../src/server/firstViews.ts'
import { createTestConsole } from './testConsole.ts'

// Every view is read, in a mesh that has nothing yet too; and a console that has ended by then ends it without a word.
test('the first views are read, and a console that ends is not waited for', async () => {
  const mesh = await createTestConsole()
  expect(await readFirstViews(mesh.console, 0)).toBe(6)
  await mesh[Symbol.asyncDispose]()
  expect(await readFirstViews(mesh.console, 0)).toBe(0)
})
