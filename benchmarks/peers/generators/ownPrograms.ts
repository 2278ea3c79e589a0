// The bench's own generators, each in a process of its own on the generator's cores.
import { fileURLToPath } from 'node:url'
import type { HandshakesTask } from '../programs/handshakes.ts'
import type { OpenLoopTask } from '../programs/openLoop.ts'
import { capture } from './capture.ts'
import { type Generated, GRACE_MS, generatedSchema } from './generator.ts'

const script = (name: string): string => fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url))

async function run(name: string, task: { seconds: number }, signal: AbortSignal): Promise<Generated> {
  const command = [process.execPath, script(name)]
  const printed = await capture(command, task.seconds * 1_000 + GRACE_MS, signal, JSON.stringify(task))
  return generatedSchema.parse(JSON.parse(printed))
}

export const openLoop = (task: OpenLoopTask, signal: AbortSignal): Promise<Generated> => run('openLoop', task, signal)

export const handshakes = (task: HandshakesTask, signal: AbortSignal): Promise<Generated> =>
  run('handshakes', task, signal)
