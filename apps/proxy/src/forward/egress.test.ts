import { expect, test } from 'vitest'
import { isEgressAllowed } from './egress.ts'

const hosts = ['api.example.org', '*.cdn.example.org', '10.0.0.7:8080', '[2001:db8::1]', '[2001:db8::2]:443']

// A list lets out what it names and nothing that looks like it.
test.each([
  ['api.example.org', 80, true],
  ['api.example.org', 9999, true],
  ['evil-api.example.org', 80, false],
  ['api.example.org.evil', 80, false],
  ['example.org', 80, false],
  ['a.cdn.example.org', 80, true],
  ['a.b.cdn.example.org', 80, true],
  ['cdn.example.org', 80, false],
  ['evilcdn.example.org', 80, false],
  ['10.0.0.7', 8080, true],
  ['10.0.0.7', 80, false],
  ['[2001:db8::1]', 80, true],
  ['[2001:db8::2]', 443, true],
  ['[2001:db8::2]', 80, false],
] as const)('%s:%i is %s', (host, port, isAllowed) => {
  expect(isEgressAllowed({ hosts }, host, port)).toBe(isAllowed)
})

test('allow and deny hold for every host', () => {
  expect(isEgressAllowed('allow', 'x.example', 1)).toBe(true)
  expect(isEgressAllowed('deny', 'x.example', 1)).toBe(false)
})
