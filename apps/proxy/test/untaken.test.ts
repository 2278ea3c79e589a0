import cluster from 'node:cluster'
import { on, once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { closeUntaken } from '../src/workers/untaken.ts'

// Node's cluster keeps it open for good: a caller without a timeout of its own would wait for ever. It hands one of each port
// at a time, and so there may be several.
test('whoever was being handed to a worker that ends is let go', async () => {
  await using stack = new AsyncDisposableStack()
  cluster.schedulingPolicy = cluster.SCHED_RR
  cluster.setupPrimary({ exec: fileURLToPath(new URL('./greeter.ts', import.meta.url)), args: [] })
  const worker = cluster.fork()
  stack.defer(() => void worker.process.kill('SIGKILL'))
  closeUntaken(worker.process)
  const ports: number[] = []
  for await (const [, { port }] of on(cluster, 'listening')) if (ports.push(port) === 2) break
  const call = (port: number) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    stack.defer(() => void socket.destroy())
    return socket
  }
  for (const port of ports) expect(String(await once(call(port), 'data'))).toBe('welcome')
  worker.process.kill('SIGSTOP')
  const waiting = ports.map(call)
  await Promise.all(waiting.map((socket) => once(socket, 'connect')))
  // By then they were accepted, and are on their way to the worker.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  const closed = Promise.all(waiting.map((socket) => once(socket, 'close')))
  worker.process.kill('SIGKILL')
  await closed
})
