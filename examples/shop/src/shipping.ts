// Shipping: quotes and shipments; a truck is late now and then (one call in a hundred fails).
import { HttpError, serve } from './httpServer.ts'
import { failSometimes, work } from './work.ts'

let shipments = 0

serve('shipping', async ({ method, path }) => {
  await work(15)
  failSometimes(0.01, 'no truck is free')
  if (method === 'GET' && path === '/quote') return { body: { cents: 490, days: 2 } }
  if (method === 'POST' && path === '/shipments') return { status: 201, body: { shipment: ++shipments } }
  throw new HttpError(404, `there is no ${method} ${path}`)
})
