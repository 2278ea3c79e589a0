// Carts, in memory: what each shopper has put aside.
import { HttpError, serve } from './httpServer.ts'
import { work } from './work.ts'

/** Beyond this the oldest cart is forgotten. */
const MAX_CARTS = 1_000
const carts = new Map<string, string[]>()

serve('cart', async ({ method, path, body }) => {
  await work(4)
  const [, shopper = ''] = /^\/carts\/([^/]+)$/.exec(path) ?? []
  if (shopper === '') throw new HttpError(404, `there is no ${path}`)
  const items = carts.get(shopper) ?? []
  switch (method) {
    case 'GET':
      return { body: { shopper, items } }
    case 'DELETE':
      carts.delete(shopper)
      return { body: { shopper, items: [] } }
    case 'POST': {
      const product = typeof body === 'object' && body !== null && 'product' in body ? body.product : undefined
      if (typeof product !== 'string') throw new HttpError(400, 'a product is needed')
      const filled = [...items, product].slice(-20)
      carts.delete(shopper)
      carts.set(shopper, filled)
      const oldest = carts.keys().next().value
      if (carts.size > MAX_CARTS && oldest !== undefined) carts.delete(oldest)
      return { status: 201, body: { shopper, items: filled } }
    }
    default:
      throw new HttpError(405, `${method} is not for carts`)
  }
})
