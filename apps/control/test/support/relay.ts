// A TCP relay before Postgres that a test can cut: the server is away for whoever comes through it, and for nobody else.
import { connect, createServer, type Socket } from 'node:net'

export interface Relay extends AsyncDisposable {
  /** The database's URL, through the relay. */
  readonly url: string
  cut(): void
  mend(): void
  /**
   * The next COMMIT on a connection that has sent `text` reaches the server; its answer does not come back, for the
   * connection is gone. Resolves when the server has answered.
   */
  loseCommitAfter(text: string): Promise<void>
}

export async function startRelay(databaseUrl: string): Promise<Relay> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  let losing: { text: string; lost: () => void } | null = null
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    if (isCut) return client.destroy()
    const upstream = connect({ host: target.hostname, port: Number(target.port) })
    keep(client)
    keep(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    upstream.pipe(client)
    let hasSent = false
    client.on('data', (chunk: Buffer) => {
      hasSent ||= losing !== null && chunk.includes(losing.text)
      if (losing !== null && hasSent && chunk.includes('COMMIT')) {
        const { lost } = losing
        losing = null
        upstream.unpipe(client)
        upstream.once('data', () => {
          client.destroy()
          lost()
        })
        upstream.resume()
      }
      upstream.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  return {
    url: url.href,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
    },
    loseCommitAfter: (text) =>
      new Promise((lost) => {
        losing = { text, lost }
      }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
