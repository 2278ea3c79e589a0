// What an application does to reach its proxy: requests in absolute-form, and raw bytes where a library would be too kind.
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'

export interface AppAnswer {
  status: number
  headers: IncomingHttpHeaders
  rawHeaders: string[]
  trailers: NodeJS.Dict<string>
  body: string
}

export interface CallOptions {
  method?: string
  headers?: RequestOptions['headers']
  body?: string | Buffer | Readable
}

/** `url` as the application would write it; sent to the proxy on `port` in absolute-form. Rejects where it breaks off. */
export function callThrough(port: number, url: string, options: CallOptions = {}): Promise<AppAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path: url,
        method: options.method ?? 'GET',
        headers: { host: url.startsWith('http') ? new URL(url).host : '127.0.0.1', ...options.headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('aborted', () => reject(new Error('the answer broke off')))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            trailers: response.trailers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    request.on('error', reject)
    const { body } = options
    if (body instanceof Readable) body.pipe(request)
    else request.end(body)
  })
}

/** Sends bytes and gives what came back until the other side closed, or `isEnough` says that it is all. */
export function exchangeBytes(
  port: number,
  bytes: string | Buffer,
  isEnough: (received: string) => boolean = () => false,
): Promise<{ received: string; isClosed: boolean }> {
  return new Promise((resolve) => {
    let received = ''
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const finish = (isClosed: boolean): void => {
      socket.destroy()
      resolve({ received, isClosed })
    }
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (isEnough(received)) finish(false)
    })
    socket.on('error', () => {})
    socket.on('close', () => finish(true))
  })
}
