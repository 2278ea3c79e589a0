import { expect, test } from 'vitest'
import { Silence } from './silence.ts'

const looksUntilHung = (silence: Silence, isStarting: boolean): number => {
  for (let looks = 1; ; looks++) if (silence.look(isStarting)) return looks
}

test('a worker hangs after ten seconds of silence, and while it starts after a minute', () => {
  expect(looksUntilHung(new Silence(), false)).toBe(11)
  expect(looksUntilHung(new Silence(), true)).toBe(61)
})

test('a word of it is enough', () => {
  const silence = new Silence()
  for (let second = 0; second < 100; second++) {
    expect(silence.look(false)).toBe(false)
    if (second % 9 === 0) silence.broken()
  }
})
