import { useTable } from '@tanstack/react-table'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { ServiceRow } from '../server/schemas/services.ts'
import { serviceColumns, serviceFeatures, sortingOf } from './serviceColumns.ts'
import type { Sort } from './serviceList.ts'

function row(service: string, state: ServiceRow['health']['state'], successRate: number | null): ServiceRow {
  return Object.freeze<ServiceRow>({
    service,
    owner: null,
    health: { state, reason: null, cause: null, since: null },
    objective: { successRate: 99.5, latencyP99Ms: null },
    spark: null,
    versions: [],
    instances: { ready: 1, all: 1 },
    lastTrafficAt: null,
    requests: successRate === null ? 0 : 1_000,
    failures: 0,
    requestsPerSecond: 1,
    successRate,
    latencyMs: { p50: 1, p95: 2, p99: 3 },
  })
}
const rows = Object.freeze([
  row('gift-cards', 'idle', null),
  row('cart', 'healthy', 100),
  row('payments', 'failing', 98),
  row('books', 'healthy', 100),
])

function order(sort: Sort, direction: 'asc' | 'desc'): string[] {
  function List() {
    const state = { sorting: sortingOf(sort, direction) }
    const table = useTable({ features: serviceFeatures, columns: serviceColumns, data: rows, state })
    return table
      .getRowModel()
      .rows.map(({ original }) => original.service)
      .join()
  }
  return renderToStaticMarkup(createElement(List)).split(',')
}

// No traffic is neither best nor worst: it goes last in both directions, and the order given is kept among equals.
test('sorting never counts a missing value', () => {
  expect(order('success', 'asc')).toEqual(['payments', 'cart', 'books', 'gift-cards'])
  expect(order('success', 'desc')).toEqual(['cart', 'books', 'payments', 'gift-cards'])
  expect(order('status', 'asc')).toEqual(['payments', 'cart', 'books', 'gift-cards'])
  expect(order('service', 'desc')).toEqual(['payments', 'gift-cards', 'cart', 'books'])
})
