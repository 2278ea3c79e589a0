// Waiting for a proxy that has just been started, closely enough to tell how long it took.
import { request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { HOST, ROUTE_HEADER } from './arms/arm.ts'
import { GRPC_HOST, GRPC_PATHS, QUESTION } from './grpcMessages.ts'

const RETRY_MS = 5
const PATIENCE_MS = 60_000

/** Asks again until `isThere`, or fails with what was awaited. Milliseconds since `startedAt` (performance.now()). */
async function until(what: string, startedAt: number, isThere: () => Promise<boolean>): Promise<number> {
  for (;;) {
    if (await isThere()) return performance.now() - startedAt
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`waited ${PATIENCE_MS} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

export const untilListening = (port: number, startedAt: number): Promise<number> =>
  until(`a listener on port ${port}`, startedAt, () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false))
    return promise.finally(() => socket.destroy())
  })

/** Until the backend's own answer comes through that port. */
export const untilAnswered = (port: number, path: string, startedAt: number): Promise<number> =>
  until(`an answer through port ${port}`, startedAt, () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      headers: { host: HOST, [ROUTE_HEADER.name]: ROUTE_HEADER.value },
    })
    asked.once('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    asked.once('error', () => resolve(false))
    asked.end()
    return promise
  })

/** Until a call of gRPC through that port ends with status 0. */
export const untilCalled = (port: number, startedAt: number): Promise<number> =>
  until(`a call of gRPC through port ${port}`, startedAt, () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    session.once('error', () => resolve(false))
    const call = session.request({
      ':method': 'POST',
      ':authority': GRPC_HOST,
      ':path': GRPC_PATHS.unary,
      'content-type': 'application/grpc',
      te: 'trailers',
      [ROUTE_HEADER.name]: ROUTE_HEADER.value,
    })
    call.once('trailers', (fields) => resolve(fields['grpc-status'] === '0'))
    call.once('error', () => resolve(false))
    call.once('close', () => resolve(false))
    call.resume().end(QUESTION)
    return promise.finally(() => session.destroy())
  })
