// A gigabyte each way through two proxies, with a reader that is slow at first: the proxies' memory stays flat.
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startMesh } from '../harness/mesh.ts'
import { residentBytes } from '../harness/residentBytes.ts'
import { hold, type Scenario } from './scenario.ts'

const BYTES = 1024 ** 3
/** Sent both ways first: what a process grows to by working at all is not what a body's size costs. */
const WARM_UP_BYTES = 256 * 1024 ** 2
const CHUNK = Buffer.alloc(64 * 1024, 'h')
/** What a proxy may grow by, however large the body: buffers of two sockets and the collector's slack. */
const GROWTH_BYTES = 32 * 1024 ** 2

/** Writes so many bytes to `sink` as fast as it takes them. */
async function pour(sink: NodeJS.WritableStream, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += CHUNK.length)
    if (!sink.write(CHUNK)) await new Promise((resolve) => sink.once('drain', resolve))
  sink.end()
}

/** Counts what comes; reads nothing for a second after each of the first five 10 MB. */
async function sip(source: NodeJS.ReadableStream): Promise<number> {
  let received = 0
  let pauses = 0
  for await (const chunk of source) {
    received += chunk.length
    if (pauses < 5 && received > (pauses + 1) * 10 * 1024 ** 2) {
      pauses++
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  }
  return received
}

const megabytes = (list: readonly number[]): string =>
  list.map((bytes) => `${(bytes / 1024 ** 2).toFixed(0)} MB`).join(' and ')

interface Store extends AsyncDisposable {
  port: number
  /** Bytes of the last upload. */
  uploaded: number
}

/** Swallows what is posted, and answers `GET /N` with N bytes. */
async function startStore(): Promise<Store> {
  const server = createServer(async (incoming, response) => {
    if (incoming.method === 'POST') {
      store.uploaded = await sip(incoming)
      response.end('ok')
    } else {
      const bytes = Number(incoming.url?.slice(1))
      response.setHeader('content-length', `${bytes}`)
      await pour(response, bytes)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const store: Store = { port, uploaded: 0, [Symbol.asyncDispose]: async () => void server.close() }
  return store
}

export const bigBodies: Scenario = {
  name: 'big-bodies',
  guarantees:
    '1 GB up, then 1 GB down through two proxies with a slow reader: the peak is less than 32 MB above that of 256 MB',
  async run(note) {
    await using store = await startStore()
    await using mesh = await startMesh()
    const server = await mesh.run({ service: 'store', appPort: store.port })
    const caller = await mesh.run({ service: 'caller' })
    const options = { host: '127.0.0.1', port: caller.proxy.outbound, headers: { host: 'store' } }

    const bothWays = async (bytes: number): Promise<void> => {
      const answered = await new Promise<number | undefined>((resolve, reject) => {
        const upload = request({ ...options, path: '/', method: 'POST' }, (response) => {
          response.resume()
          response.on('end', () => resolve(response.statusCode))
        })
        upload.on('error', reject)
        void pour(upload, bytes)
      })
      hold('the upload arrived whole', answered === 200 && store.uploaded === bytes, [answered, store.uploaded])
      const downloaded = await new Promise<number>((resolve, reject) => {
        request({ ...options, path: `/${bytes}` }, (response) => sip(response).then(resolve, reject))
          .on('error', reject)
          .end()
      })
      hold('the download arrived whole', downloaded === bytes, downloaded)
    }

    const resident = async (): Promise<number[]> => [await residentBytes(caller), await residentBytes(server)]
    /** The most that is resident while `bytes` go each way: a single look may just follow a collection. */
    const peakOf = async (bytes: number): Promise<number[]> => {
      let most = await resident()
      const watch = setInterval(async () => {
        const now = await resident()
        most = most.map((known, i) => Math.max(known, now[i] ?? 0))
      }, 250)
      try {
        await bothWays(bytes)
      } finally {
        clearInterval(watch)
      }
      return most
    }

    const asStarted = await resident()
    const before = await peakOf(WARM_UP_BYTES)
    const most = await peakOf(BYTES)
    note(`resident, caller's and server's proxy: ${megabytes(asStarted)} as started`)
    note(`at most ${megabytes(before)} during 256 MB each way, at most ${megabytes(most)} during 1 GB each way`)
    const growth = most.map((bytes, i) => bytes - (before[i] ?? 0))
    hold(
      'memory is flat',
      growth.every((bytes) => bytes < GROWTH_BYTES),
      growth,
    )
  },
}
