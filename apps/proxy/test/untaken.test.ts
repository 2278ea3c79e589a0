import cluster from 'node:cluster'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { closeUntaken } from '../src/workers/untaken.ts'

// Node's cluster keeps it open for good: a caller without a timeout of its own would wait for ever.
test('whoever was being handed to a worker that ends is let go', async () => {
  await using stack = new AsyncDisposableStack()
  cluster.schedulingPolicy = cluster.SCHED_RR
  cluster.setupPrimary({ exec: fileURLToPath(new URL('./greeter.ts', import.meta.url)), args: [] })
  const worker = cluster.fork()
  stack.defer(() => void worker.process.kill('SIGKILL'))
  closeUntaken(worker.process)
  const [, { port }] = await once(cluster, 'listening')
  const call = () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    stack.defer(() => void socket.destroy())
    return socket
  }
  expect(String(await once(call(), 'data'))).toBe('welcome')
  worker.process.kill('SIGSTOP')
  const waiting = call()
  await once(waiting, 'connect')
  // By then it was accepted, and is on its way to the worker.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  worker.process.kill('SIGKILL')
  await once(waiting, 'close')
})
