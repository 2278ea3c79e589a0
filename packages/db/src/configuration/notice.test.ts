import { expect, test } from 'vitest'
import { readNotice, writeNotice } from './notice.ts'

// What is written is what is read; whatever else comes over the channel is nothing.
test('notices', () => {
  const notice = { epoch: 1_764_000_000_000, revision: 17 }
  expect(readNotice(writeNotice(notice))).toEqual(notice)
  for (const payload of ['', '17', '1 2 3', 'a b', '-1 2', '1 1e3']) expect(readNotice(payload)).toBeUndefined()
})
