// Checkout: the cart becomes a paid order on its way. Payments and shipping are called by nobody else.
import { callService } from './callService.ts'
import { HttpError, serve } from './httpServer.ts'

let orders = 0

serve('checkout', async ({ method, path, body }) => {
  if (path !== '/orders' || method !== 'POST') throw new HttpError(404, `there is no ${method} ${path}`)
  const shopper = typeof body === 'object' && body !== null && 'shopper' in body ? body.shopper : undefined
  if (typeof shopper !== 'string') throw new HttpError(400, 'a shopper is needed')
  const quote = await callService('http://shipping/quote')
  const shipping = typeof quote === 'object' && quote !== null && 'cents' in quote ? Number(quote.cents) : 0
  await callService('http://payments/charge', { method: 'POST', body: { cents: 2_000 + shipping } })
  await callService('http://shipping/shipments', { method: 'POST' })
  await callService(`http://cart/carts/${encodeURIComponent(shopper)}`, { method: 'DELETE' })
  return { status: 201, body: { order: ++orders } }
})
