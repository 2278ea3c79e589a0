import { eventually } from '@heddle/testkit/eventually'
import { expect, test } from 'vitest'
import { start } from './command.ts'

// A command that must be killed does not end by itself: that is a defect, never a detail of the test's end.
test('a command that does not hear its signal fails the test that stops it', async () => {
  const deaf = start(process.execPath, [
    '-e',
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('deaf')",
  ])
  await eventually('it is deaf', () => (deaf.stdout() === '' ? undefined : true))
  await expect(deaf.stop('SIGTERM', 20)).rejects.toThrow('did not end within 20 ms of SIGTERM')
})

test('one that hears it does not', async () => {
  const ordinary = start(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
  expect((await ordinary.stop('SIGTERM', 20_000)).code).toBe(128)
})
