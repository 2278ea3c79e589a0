// The arms as they stand during a bench: each with its pair and its single hop, all at once, so that they can take turns.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Memory, readMemory } from './accounting.ts'
import type { Arm, Bed, OpenArm, RunningProxy } from './arms/arm.ts'
import type { Shape } from './scenarios.ts'

export interface StandingArm {
  arm: Arm
  open: OpenArm
  server: RunningProxy
  client: RunningProxy
  hop: RunningProxy
  /** Of the client side before any request but the first. */
  idle: Memory | null
}

/** `owner` ends them in the end, whatever happens meanwhile. */
export async function stand(arm: Arm, bed: Bed, owner: AsyncDisposableStack): Promise<StandingArm> {
  const directory = join(bed.directory, arm.name)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const open = owner.use(await arm.open({ ...bed, directory }))
  const server = await open.startServer()
  const client = await open.startClient(server)
  const hop = await open.startHop()
  return { arm, open, server, client, hop, idle: memoryOfProxy(client) }
}

export const memoryOfProxy = (proxy: RunningProxy): Memory | null => {
  const pids = proxy.pids()
  return pids.length === 0 ? null : readMemory(pids)
}

/** Where the generator's requests enter, and the processes whose time counts. */
export function entryOf({ server, client, hop }: StandingArm, shape: Shape): { port: number; pids: number[] } {
  switch (shape) {
    case 'pair':
      return { port: client.port, pids: [...client.pids(), ...server.pids()] }
    case 'hop':
      return { port: hop.port, pids: hop.pids() }
    case 'server':
      return { port: server.port, pids: server.pids() }
  }
}
