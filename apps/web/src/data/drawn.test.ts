import { expect, test } from 'vitest'
import { Drawn } from './drawn.ts'

interface View {
  rate: number
}
/** Rounded, as numbers are shown. */
const isAlike = (a: View, b: View) => Math.round(a.rate) === Math.round(b.rate)

// Who shows one of them hears of that one alone, and only where it looks otherwise.
test('whoever looks the same hears nothing', () => {
  const drawn = new Drawn<View>(isAlike)
  const heard: string[] = []
  const ends = ['a', 'b', 'new'].map((id) => drawn.onChange(id, () => heard.push(id)))
  const told = (a: number, b: number) => {
    heard.length = 0
    drawn.tell([
      ['a', { rate: a }],
      ['b', { rate: b }],
    ])
    return heard
  }
  expect(told(1, 2)).toEqual(['a', 'b'])
  const before = drawn.get('a')
  expect(told(1.1, 7)).toEqual(['b'])
  expect(drawn.get('a')).toBe(before)
  expect(drawn.get('b')).toEqual({ rate: 7 })
  ends[1]?.()
  expect(told(3, 9)).toEqual(['a'])
})

// What a tick does not name is gone.
test('what is told no more is not there', () => {
  const drawn = new Drawn<View>(isAlike)
  drawn.tell([['a', { rate: 1 }]])
  drawn.tell([])
  expect(drawn.get('a')).toBeUndefined()
})
