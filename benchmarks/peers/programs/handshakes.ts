// Connections, one after the other on so many lanes: a full TLS 1.3 handshake with both certificates, one request, the
// end. `node handshakes.ts`, its task as JSON on stdin, a line of JSON on stdout. It is no faster than Node's own client,
// so the rate that it tells is a floor; the processor time of the other side is what is compared.
import { text } from 'node:stream/consumers'
import { connect, createSecureContext } from 'node:tls'
import type { SecureTarget } from '../generators/generator.ts'
import { latencyOf } from '../latency.ts'

export interface HandshakesTask extends SecureTarget {
  lanes: number
  seconds: number
}

const task: HandshakesTask = JSON.parse(await text(process.stdin))
const { port, path, headers, credentials, serverName, lanes, seconds } = task
const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
const request = `GET ${path} HTTP/1.1\r\n${fields.join('')}Connection: close\r\n\r\n`
const secureContext = createSecureContext({
  key: credentials.key,
  cert: credentials.chain,
  ca: credentials.roots,
  minVersion: 'TLSv1.3',
})

const latencies: number[] = []
let errors = 0
const startedAt = performance.now()
const endAt = startedAt + seconds * 1_000

/** One connection, from the first packet to the peer's end of it. */
function visit(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const beganAt = performance.now()
  let answer = ''
  const socket = connect({
    host: '127.0.0.1',
    port,
    secureContext,
    servername: serverName,
    ALPNProtocols: ['http/1.1'],
    // The chain is verified; whose it is, the proxies are asked, not the generator.
    checkServerIdentity: () => undefined,
  })
  socket.once('secureConnect', () => {
    if (socket.isSessionReused()) errors++
    socket.write(request)
  })
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.once('close', () => {
    if (answer.startsWith('HTTP/1.1 200')) latencies.push((performance.now() - beganAt) * 1_000)
    else errors++
    resolve()
  })
  return promise
}

async function lane(): Promise<void> {
  while (performance.now() < endAt) await visit()
}

await Promise.all(Array.from({ length: lanes }, lane))
latencies.sort((a, b) => a - b)
process.stdout.write(
  `${JSON.stringify({
    requests: latencies.length,
    errors,
    seconds: (performance.now() - startedAt) / 1_000,
    latency: latencyOf(latencies),
  })}\n`,
)
process.exit(0)
