import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

test('without options everything is measured, and only then it is kept', () => {
  expect(readOptions([])).toMatchObject({ seconds: 1, blocks: null, proxies: 10, isWhole: true })
  expect(readOptions(['--quick'])).toMatchObject({ blocks: 1, isWhole: false })
  expect(readOptions(['--seconds', '2'])).toMatchObject({ seconds: 2, isWhole: false })
})

test('a part of it', () => {
  expect(readOptions(['--only', 'pair-64', '--arms', 'nginx'])).toMatchObject({
    scenarios: [{ name: 'pair-64' }],
    arms: ['heddle', 'nginx'],
    proxies: 0,
  })
  expect(readOptions(['--only', 'memory'])).toMatchObject({ scenarios: [], proxies: 10 })
})

test('what it does not know it names', () => {
  expect(readOptions(['--only', 'pair-65'])).toMatchObject({ mistake: expect.stringContaining('"pair-65"') })
  expect(readOptions(['--arms', 'linkerd'])).toMatchObject({ mistake: expect.stringContaining('"linkerd"') })
  expect(readOptions(['--seconds', '0.5'])).toMatchObject({ mistake: expect.stringContaining('from 1 to 60') })
  expect(readOptions(['--fast'])).toMatchObject({ mistake: expect.stringContaining('--fast') })
})
