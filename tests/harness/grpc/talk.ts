// A long conversation whose client is a slow reader: `node talk.ts HOST:PORT MESSAGES` sends so many messages of 1 KB as fast
// as they are taken, reads their echoes at its own pace, and prints one line of JSON.
import { once } from 'node:events'
import { z } from 'zod'
import { GrpcClient } from './client.ts'
import { LOOM } from './loom.ts'

export const talkedSchema = z.object({
  received: z.number(),
  /** Of the first message that was not the next one; null: all came in order. */
  outOfOrderAt: z.number().nullable(),
  /** The most messages that were sent and not yet read: how much lay between the two. */
  mostUnread: z.number(),
})
export type Talked = z.infer<typeof talkedSchema>

const BYTES = 1_024
/** About 4,000 messages a second: below what a server of grpc-js echoes. */
const READ_AT_ONCE = 100
const REST_MS = 25

const messageOf = (i: number): string => `${i}:`.padEnd(BYTES, 'z')

export async function talk(client: GrpcClient, messages: number): Promise<Talked> {
  const call = client.bidirectional(LOOM.Talk)
  const talked: Talked = { received: 0, outOfOrderAt: null, mostUnread: 0 }
  const sending = (async () => {
    for (let i = 0; i < messages; i++) {
      if (!call.write(messageOf(i))) await once(call, 'drain')
      talked.mostUnread = Math.max(talked.mostUnread, i + 1 - talked.received)
    }
    call.end()
  })()
  call.on('data', (message: string) => {
    if (message !== messageOf(talked.received)) talked.outOfOrderAt ??= talked.received
    talked.received++
    if (talked.received % READ_AT_ONCE !== 0) return
    call.pause()
    setTimeout(() => call.resume(), REST_MS)
  })
  await once(call, 'end')
  await sending
  return talked
}

if (import.meta.main) {
  const [target = '', messages = '0'] = process.argv.slice(2)
  using client = new GrpcClient(target)
  console.log(JSON.stringify(await talk(client, Number(messages))))
}
