// A thread that says when a request is due. The event loop waits in whole milliseconds, too coarse for 5,000 requests/s;
// this thread waits on a futex instead, which the kernel ends within about a tenth of a millisecond.
import { parentPort, workerData } from 'node:worker_threads'
import { dueAtMs } from '../schedule.ts'

/** When the first one is due, by process.hrtime, nanoseconds. */
export interface Ticking {
  startAt: bigint
  perSecond: number
  total: number
}

const { startAt, perSecond, total }: Ticking = workerData
const never = new Int32Array(new SharedArrayBuffer(4))
for (let i = 0; i < total; ) {
  const elapsedMs = Number(process.hrtime.bigint() - startAt) / 1e6
  const waitMs = dueAtMs(i, perSecond) - elapsedMs
  if (waitMs > 0) {
    Atomics.wait(never, 0, 0, waitMs)
    continue
  }
  parentPort?.postMessage(i)
  // What became due meanwhile is sent with it.
  while (i < total && dueAtMs(i, perSecond) <= elapsedMs) i++
}
