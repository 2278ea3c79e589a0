import { expect, test } from 'vitest'
import { classifyHost } from './hostName.ts'

// Single labels and `<label>.mesh` are services and nothing else; every other host is egress and nothing else.
test.each([
  ['catalog', { kind: 'service', name: 'catalog' }],
  ['catalog-v2', { kind: 'service', name: 'catalog-v2' }],
  ['catalog.mesh', { kind: 'service', name: 'catalog' }],
  ['mesh', { kind: 'service', name: 'mesh' }],
  ['2130706433', { kind: 'service', name: '2130706433' }],
  ['localhost', { kind: 'egress', host: 'localhost' }],
  ['localhost.mesh', { kind: 'invalid', host: 'localhost.mesh' }],
  ['my_service', { kind: 'invalid', host: 'my_service' }],
  ['my_service.mesh', { kind: 'invalid', host: 'my_service.mesh' }],
  ['evil.catalog', { kind: 'egress', host: 'evil.catalog' }],
  ['catalog.evil', { kind: 'egress', host: 'catalog.evil' }],
  ['a.b.mesh', { kind: 'egress', host: 'a.b.mesh' }],
  ['catalog.meshy', { kind: 'egress', host: 'catalog.meshy' }],
  ['127.0.0.1', { kind: 'egress', host: '127.0.0.1' }],
  ['[::1]', { kind: 'egress', host: '[::1]' }],
])('%s is %j', (host, expected) => {
  expect(classifyHost(host)).toEqual(expected)
})
