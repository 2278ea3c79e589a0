// A running Node process asked through its inspector, which SIGUSR1 opens on port 9229: one process at a time.
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@heddle/testkit/eventually'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { type Profile, profileSchema } from './shares.ts'

const LIST = 'http://127.0.0.1:9229/json'
const SAMPLING_MICROS = 200
const OPEN_MS = 15_000

const listSchema = z.tuple([z.object({ webSocketDebuggerUrl: z.string() })])
const answerSchema = z.object({ id: z.number(), result: z.unknown() })

/** The profile of `pid` while `during` runs. */
export async function profileOf(pid: number, during: () => Promise<unknown>): Promise<Profile> {
  process.kill(pid, 'SIGUSR1')
  const url = await eventually('an inspector', findInspector, OPEN_MS)
  const socket = new WebSocket(url, { maxPayload: 2 ** 30 })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  let asked = 0
  const ask = (method: string, params: object = {}): Promise<unknown> => {
    const id = ++asked
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const hear = (text: Buffer): void => {
      const answer = answerSchema.safeParse(JSON.parse(text.toString()))
      if (!answer.success || answer.data.id !== id) return
      socket.off('message', hear)
      resolve(answer.data.result)
    }
    socket.on('message', hear)
    socket.send(JSON.stringify({ id, method, params }))
    return promise
  }
  await ask('Profiler.enable')
  await ask('Profiler.setSamplingInterval', { interval: SAMPLING_MICROS })
  await ask('Profiler.start')
  await during()
  const { profile } = z.object({ profile: profileSchema.loose() }).parse(await ask('Profiler.stop'))
  // The next process wants the port. It closes this connection too, so that there is no answer to wait for.
  void ask('Runtime.evaluate', { expression: 'setTimeout(() => process._debugEnd(), 0)' })
  await new Promise((resolve) => socket.once('close', resolve))
  await eventually('the inspector is closed', async () => ((await findInspector()) ? undefined : true), OPEN_MS)
  return profile
}

async function findInspector(): Promise<string | undefined> {
  try {
    return listSchema.parse(await (await fetch(LIST)).json())[0].webSocketDebuggerUrl
  } catch {
    await sleep(50)
    return undefined
  }
}
