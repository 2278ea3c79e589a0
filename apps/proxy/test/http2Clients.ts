// Clients of HTTP/2 for tests: Node's own, on a plain socket, in a tunnel, or over mutual TLS.
import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect as connectHttp2,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import type { Leaf } from '@heddle/testkit'

export interface Http2Answer {
  status: number
  headers: IncomingHttpHeaders
  trailers: IncomingHttpHeaders
  body: string
}

/** A session with prior knowledge, to `authority`. */
export async function plainSession(
  port: number,
  authority: string,
  options: ClientSessionOptions = {},
): Promise<ClientHttp2Session> {
  const socket = connectTcp({ port, host: '127.0.0.1', noDelay: true })
  return session(authority, { ...options, createConnection: () => socket })
}

/** As `plainSession`, in a CONNECT. */
export async function tunnelSession(port: number, authority: string): Promise<ClientHttp2Session> {
  const socket = connectTcp({ port, host: '127.0.0.1', noDelay: true })
  socket.write(`CONNECT ${authority}:80 HTTP/1.1\r\nHost: ${authority}:80\r\n\r\n`)
  await once(socket, 'data')
  return session(authority, { createConnection: () => socket })
}

export function meshSocket(
  port: number,
  leaf: Leaf,
  root: string,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      servername: 'catalog.mesh',
      ca: root,
      key: leaf.key,
      cert: leaf.chain,
      ALPNProtocols: ['h2'],
      checkServerIdentity: () => undefined,
      ...options,
    })
    socket.setNoDelay()
    socket.once('error', reject)
    socket.once('secureConnect', () => resolve(socket))
  })
}

export async function session(authority: string, options: ClientSessionOptions): Promise<ClientHttp2Session> {
  // Megabytes that wait in a test's own client are no reason for it to refuse streams.
  const client = connectHttp2(`http://${authority}`, { maxSessionMemory: 1_000, ...options })
  client.on('error', () => {})
  await once(client, 'connect')
  return client
}

export function answerOf(stream: ClientHttp2Stream): Promise<Http2Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let headers: IncomingHttpHeaders = {}
    let trailers: IncomingHttpHeaders = {}
    stream.on('response', (fields) => {
      headers = fields
    })
    stream.on('trailers', (fields) => {
      trailers = fields
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', reject)
    stream.on('aborted', () => reject(new Error(`reset: ${stream.rstCode}`)))
    stream.on('end', () => {
      const status = Number(headers[':status'])
      if (!stream.aborted) resolve({ status, headers, trailers, body: Buffer.concat(chunks).toString('utf8') })
    })
  })
}

export function ask(
  client: ClientHttp2Session,
  fields: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Http2Answer> {
  const stream = client.request(fields, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  return answerOf(stream)
}
