import { describe, expect, it } from 'vitest'
import type { SearchFindOutput } from '../server/schemas/search.ts'
import { narrowed } from './searched.ts'

const mark = (revision: number, summary: string) => ({ revision, at: 0, summary, actor: 'ana' })
const ANSWER: SearchFindOutput = {
  services: [
    { service: 'cart', owner: 'web' },
    { service: 'payments', owner: 'money' },
    { service: 'catalog', owner: 'shop' },
  ],
  routes: [{ service: 'catalog', route: 'catalog/products', match: 'GET /products' }],
  rules: [{ rule: 'pay', words: 'Allow checkout to call payments' }],
  changes: [mark(2, 'catalog: 90 → 80'), mark(1, 'First admin set up')] as SearchFindOutput['changes'],
}

describe('the answer before, for what is typed now', () => {
  it('leaves out what does not fit, and has the best first', () => {
    const { services, routes, rules, changes } = narrowed('cat', ANSWER)
    expect(services.map(({ service }) => service)).toEqual(['catalog', 'cart'])
    expect(routes.map(({ route }) => route)).toEqual(['catalog/products'])
    expect(rules).toEqual([])
    expect(changes.map(({ revision }) => revision)).toEqual([2])
  })

  it('finds a service by its owner, after those that are called so', () => {
    expect(narrowed('shop', ANSWER).services.map(({ service }) => service)).toEqual(['catalog'])
  })

  it('keeps all for an empty query', () => {
    expect(narrowed('', ANSWER)).toEqual(ANSWER)
  })
})
