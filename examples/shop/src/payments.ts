// Payments: charges, slowly, and declines one in fifty (402: an answer, not a failure).
import { HttpError, serve } from './httpServer.ts'
import { work } from './work.ts'

let charges = 0

serve('payments', async ({ method, path, body }) => {
  if (path !== '/charge') throw new HttpError(404, `there is no ${path}`)
  if (method !== 'POST') throw new HttpError(405, 'a charge is a POST')
  const cents = typeof body === 'object' && body !== null && 'cents' in body ? body.cents : undefined
  if (typeof cents !== 'number' || !(cents > 0)) throw new HttpError(400, 'an amount is needed')
  await work(45)
  if (Math.random() < 0.02) throw new HttpError(402, 'the card was declined')
  return { status: 201, body: { charge: ++charges, cents } }
})
