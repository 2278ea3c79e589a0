// TLS for the console, which itself speaks plain HTTP on loopback: bytes are decrypted and passed on, nothing else.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { createServer } from 'node:tls'
import { AdviceError, messageOf } from '../terminal/advice.ts'

export interface TlsFrontOptions {
  certFile: string
  keyFile: string
  listen: string
  port: number
  /** The console's port on 127.0.0.1. */
  target: number
}

/** Listens until disposed. Throws advice where the certificate cannot be used. */
export async function startTlsFront(options: TlsFrontOptions): Promise<AsyncDisposable> {
  const { certFile, keyFile, listen, port, target } = options
  const open = new Set<{ destroy(): void }>()
  const server = (() => {
    try {
      return createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: 'TLSv1.2' })
    } catch (error) {
      throw new AdviceError(`${certFile} and ${keyFile} cannot be used: ${messageOf(error)}`, { cause: error })
    }
  })()
  server.on('secureConnection', (outer) => {
    const inner = connect(target, '127.0.0.1')
    open.add(outer)
    const end = (): void => {
      outer.destroy()
      inner.destroy()
      open.delete(outer)
    }
    for (const socket of [outer, inner]) socket.on('error', end).on('close', end)
    outer.pipe(inner).pipe(outer)
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, listen, resolve))
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
