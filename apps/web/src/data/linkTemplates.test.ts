import { serviceSchema } from '@heddle/shared/resources/service'
import { expect, test } from 'vitest'
import { linkTemplates, previewLink, unknownPlaces, withLink } from './linkTemplates.ts'

const service = (name: string, links?: Record<string, string>) =>
  serviceSchema.parse({
    apiVersion: 'heddle.dev/v1',
    kind: 'Service',
    metadata: { name },
    spec: { protocol: 'http', ...(links !== undefined && { links }) },
  })
const board = 'https://boards.example.org/{service}?route={route}'
const cart = service('cart')
const catalog = service('catalog', { dashboard: board, logs: 'https://logs.example.org/catalog' })

// One template on many services is one line.
test('templates are told together', () => {
  expect(linkTemplates([cart, catalog, service('payments', { dashboard: board })])).toEqual([
    { name: 'dashboard', template: board, services: ['catalog', 'payments'] },
    { name: 'logs', template: 'https://logs.example.org/catalog', services: ['catalog'] },
  ])
})

// Names are encoded, and what is no web address is no link.
test('a preview is the address that the pages make', () => {
  expect(previewLink(board, 'cart', 'a b&c')).toBe('https://boards.example.org/cart?route=a%20b%26c')
  expect(previewLink('javascript:alert(1)', 'cart', '')).toBeNull()
  expect(unknownPlaces('https://x.example/{servcie}/{route}')).toEqual(['{servcie}'])
})

// Only services that change are edited, and their other settings stay.
test('a link is put on and taken off', () => {
  expect(withLink([cart, catalog], 'dashboard', board)).toEqual([
    { ...cart, spec: { protocol: 'http', links: { dashboard: board } } },
  ])
  const off = withLink(withLink([cart], 'dashboard', board), 'dashboard', null)
  expect(off).toEqual([cart])
})
