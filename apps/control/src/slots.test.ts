import { expect, test } from 'vitest'
import { Slots } from './slots.ts'

// Never more than the slots at once, in the order of arrival, and a failure gives its slot back.
test('slots', async () => {
  const slots = new Slots(2)
  const events: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) =>
    slots.run(async () => {
      events.push(name)
      await new Promise<void>((resolve) => ends.set(name, resolve))
      if (name === 'a') throw new Error('a fails')
    })
  const running = ['a', 'b', 'c', 'd'].map(work)
  const a = expect(running[0]).rejects.toThrow('a fails')
  expect([events, slots.waiting]).toEqual([['a', 'b'], 2])
  ends.get('a')?.()
  await a
  expect([events, slots.waiting]).toEqual([['a', 'b', 'c'], 1])
  for (const name of ['b', 'c']) ends.get(name)?.()
  await Promise.all([running[1], running[2]])
  ends.get('d')?.()
  await running[3]
  expect(events).toEqual(['a', 'b', 'c', 'd'])
})
