import { HISTOGRAM_SIZE, mergeHistograms } from '@heddle/shared'
import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { mergeLatencyText } from './latencyText.ts'

test('histograms one after the other add up', () => {
  expect(mergeLatencyText('{1,20}{10,200}{3,20}{30,7}')).toEqual({ index: [1, 3, 20], count: [10, 30, 207] })
  expect(mergeLatencyText('{0}{1}')).toEqual({ index: [0], count: [1] })
})

test('nothing is an empty histogram', () => {
  for (const text of [null, '', '{}{}']) expect(mergeLatencyText(text)).toEqual({ index: [], count: [] })
  expect(mergeLatencyText('{}{}{7}{9007199254740991}')).toEqual({ index: [7], count: [9_007_199_254_740_991] })
})

// Whatever was stored, the text gives what merging the histograms themselves gives.
test('the text says what the histograms say', () => {
  const random = seededRandom(5)
  const whole = (below: number) => Math.floor(below * random())
  for (let round = 0; round < 200; round++) {
    const parts = Array.from({ length: whole(6) }, () => {
      const index = [...new Set(Array.from({ length: whole(40) }, () => whole(HISTOGRAM_SIZE)))].sort((a, b) => a - b)
      return { index, count: index.map(() => 1 + whole(10 ** whole(12))) }
    })
    const text = parts.map(({ index, count }) => `{${index.join(',')}}{${count.join(',')}}`).join('')
    expect(mergeLatencyText(text)).toEqual(mergeHistograms(parts).toSparse())
  }
})
