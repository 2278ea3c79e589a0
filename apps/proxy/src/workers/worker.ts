// A worker: the data path and nothing else, in a process that the primary starts, tells everything, and ends. Without the
// primary it is nobody: when the pipe closes, Node's cluster ends it.
import { systemClock } from '@heddle/shared/clock'
import { messageOf } from '../lifecycle/startError.ts'
import { type FromWorker, type Start, type ToWorker, toWorkerSchema } from './messages.ts'
import { Serving } from './serving.ts'

let serving: Serving | undefined

const send = (message: FromWorker): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

// Terminals and service managers signal every process of a group; what that means the primary decides.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})

process.on('uncaughtException', (error) => {
  // Nothing is known about the state after it: the primary starts a fresh one.
  if (serving === undefined) console.error(error)
  else serving.log.error('a worker ends after a defect', { reason: error.stack ?? messageOf(error) })
  process.exit(1)
})

process.on('message', (value) => void received(value))

/** Whatever is wrong with a message of the primary is a defect. */
async function received(value: unknown): Promise<void> {
  const message = toWorkerSchema.parse(value)
  if (message.type === 'start') {
    serving = new Serving(message, { send, clock: systemClock, random: Math.random })
    send(await serving.listen())
    return
  }
  // It is told only what concerns a data path that was started.
  if (serving === undefined) return
  await act(serving, message)
  send({ type: 'done', what: message.type })
}

async function act(on: Serving, message: Exclude<ToWorker, Start>): Promise<void> {
  switch (message.type) {
    case 'config':
      on.configure(message.message)
      return
    case 'identity':
      on.renew(message.material)
      return
    case 'revoked':
      on.revoke(message.revoked)
      return
    case 'count':
      on.count()
      return
    case 'drain':
      await on.drain(message.deadlineMs)
      return
    case 'close':
      await on.close()
      return
  }
}
