// A gigabyte each way through two proxies, with a reader that is slow at first: the proxies' memory stays flat.
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type MeshService, startMesh } from '../harness/mesh.ts'
import { hold, type Scenario } from './scenario.ts'

const BYTES = 1024 ** 3
const CHUNK = Buffer.alloc(64 * 1024, 'h')
/** What a proxy may grow by, however large the body: buffers of two sockets and the collector's slack. */
const GROWTH_BYTES = 64 * 1024 ** 2

/** Writes BYTES to `sink` as fast as it takes them. */
async function pour(sink: NodeJS.WritableStream): Promise<void> {
  for (let sent = 0; sent < BYTES; sent += CHUNK.length)
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

async function residentBytes(service: MeshService): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${service.proxy.admin}/metrics`)).text()
  return Number(/^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1])
}

export const bigBodies: Scenario = {
  name: 'big-bodies',
  guarantees: '1 GB up, then 1 GB down through two proxies with a slow reader: memory grows by less than 64 MB',
  async run(note) {
    let uploaded = 0
    await using backend = await (async () => {
      const server = createServer(async (incoming, response) => {
        if (incoming.method === 'POST') {
          uploaded = await sip(incoming)
          response.end('ok')
        } else {
          response.setHeader('content-length', `${BYTES}`)
          await pour(response)
        }
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: async () => void server.close() }
    })()
    await using mesh = await startMesh()
    const store = await mesh.run({ service: 'store', appPort: backend.port })
    const caller = await mesh.run({ service: 'caller' })
    const options = { host: '127.0.0.1', port: caller.proxy.outbound, headers: { host: 'store' }, path: '/' }
    const before = [await residentBytes(caller), await residentBytes(store)]
    let most = [...before]
    const watch = setInterval(async () => {
      const now = [await residentBytes(caller), await residentBytes(store)]
      most = most.map((bytes, i) => Math.max(bytes, now[i] ?? 0))
    }, 500)
    try {
      const answered = await new Promise<number | undefined>((resolve, reject) => {
        const upload = request({ ...options, method: 'POST' }, (response) => {
          response.resume()
          response.on('end', () => resolve(response.statusCode))
        })
        upload.on('error', reject)
        void pour(upload)
      })
      hold('the upload arrived whole', answered === 200 && uploaded === BYTES, { answered, uploaded })
      const downloaded = await new Promise<number>((resolve, reject) => {
        request(options, (response) => sip(response).then(resolve, reject))
          .on('error', reject)
          .end()
      })
      hold('the download arrived whole', downloaded === BYTES, downloaded)
    } finally {
      clearInterval(watch)
    }
    const growth = most.map((bytes, i) => bytes - (before[i] ?? 0))
    note(
      `resident memory grew by at most ${growth.map((bytes) => `${(bytes / 1024 ** 2).toFixed(0)} MB`).join(' (caller) and ')} (server)`,
    )
    hold(
      'memory is flat',
      growth.every((bytes) => bytes < GROWTH_BYTES),
      growth,
    )
  },
}
