import { expect, test } from 'vitest'
import { lateUpstream } from './lateUpstream.ts'
import { type Failure, type OutgoingRequest, type Sending, sendingOf, type Upstream } from './upstream.ts'

const request: OutgoingRequest = {
  method: 'GET',
  target: '/',
  authority: 'chat',
  headers: [],
  body: null,
  contentLength: null,
  upgrade: 'websocket',
}
const refused: Failure = {
  kind: 'failed',
  code: 'no_endpoint',
  end: 'not_sent',
  wasConnected: false,
  cause: new Error(),
}

/** Counts what it is given, and answers each with `refused`. */
function counting(): Upstream & { sent: number } {
  return {
    sent: 0,
    send(): Sending {
      this.sent++
      return sendingOf(Promise.resolve(refused), () => {})
    },
  }
}

const send = (upstream: Upstream): Sending => upstream.send(request, () => {})

// A proxy that never sees a request of the kind never loads what it would need.
test('is loaded by the first request, once', async () => {
  const behind = counting()
  let loads = 0
  const upstream = lateUpstream(() => {
    loads++
    return Promise.resolve(behind)
  })
  expect(loads).toBe(0)
  expect(await Promise.all([send(upstream).outcome, send(upstream).outcome])).toEqual([refused, refused])
  expect([loads, behind.sent]).toEqual([1, 2])
})

// A caller that went away meanwhile: the application hears nothing of it.
test('a request that is broken off before it is loaded is never sent', async () => {
  const behind = counting()
  const loading = Promise.withResolvers<Upstream>()
  const upstream = lateUpstream(() => loading.promise)
  const sending = send(upstream)
  sending.abort()
  loading.resolve(behind)
  expect(await sending.outcome).toMatchObject({ kind: 'failed', end: 'not_sent', wasConnected: false })
  await send(upstream).outcome
  expect(behind.sent).toBe(1)
})

// Else one bad moment of the disk would cost all later ones too.
test('what could not be loaded fails the request, and is loaded for the next', async () => {
  const behind = counting()
  let loads = 0
  const upstream = lateUpstream(() => (loads++ === 0 ? Promise.reject(new Error('EMFILE')) : Promise.resolve(behind)))
  expect(await send(upstream).outcome).toMatchObject({ kind: 'failed', end: 'not_sent' })
  expect(await send(upstream).outcome).toBe(refused)
})

// What is thrown while it is sent costs that request, and not the proxy.
test('an upstream that throws fails the request', async () => {
  const upstream = lateUpstream(() =>
    Promise.resolve({
      send: () => {
        throw new Error('host must be of type string')
      },
    }),
  )
  expect(await send(upstream).outcome).toMatchObject({ kind: 'failed', end: 'not_sent' })
})
