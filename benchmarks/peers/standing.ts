// The arms as they stand during a bench: each with its pair and its single hop, all at once, so that they can take turns.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Memory, readMemory } from './accounting.ts'
import type { Arm, Bed, OpenArm, RunningProxy } from './arms/arm.ts'
import { GRPC_ARMS, type Scenario } from './scenarios.ts'

export interface StandingArm {
  arm: Arm
  open: OpenArm
  server: RunningProxy
  client: RunningProxy
  hop: RunningProxy
  /** Another pair, for gRPC; null: it was not asked for, or the arm does not speak it. */
  grpc: { server: RunningProxy; client: RunningProxy } | null
  /** Of the client side before any request but the first. */
  idle: Memory | null
}

/** `owner` ends them in the end, whatever happens meanwhile. `withGrpc`: something over gRPC will be measured. */
export async function stand(arm: Arm, bed: Bed, owner: AsyncDisposableStack, withGrpc: boolean): Promise<StandingArm> {
  const directory = join(bed.directory, arm.name)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const open = owner.use(await arm.open({ ...bed, directory }))
  const server = await open.startServer('http')
  const client = await open.startClient(server, 'http')
  const hop = await open.startHop()
  const idle = memoryOfProxy(client)
  return {
    arm,
    open,
    server,
    client,
    hop,
    grpc: withGrpc && GRPC_ARMS.includes(arm.name) ? await grpcPair(open) : null,
    idle,
  }
}

async function grpcPair(open: OpenArm): Promise<StandingArm['grpc']> {
  const server = await open.startServer('grpc')
  return { server, client: await open.startClient(server, 'grpc') }
}

export const memoryOfProxy = (proxy: RunningProxy): Memory | null => {
  const pids = proxy.pids()
  return pids.length === 0 ? null : readMemory(pids)
}

/** Where the generator's requests enter, and the processes whose time counts. */
export function entryOf(
  { arm, server, client, hop, grpc }: StandingArm,
  { shape, load }: Pick<Scenario, 'shape' | 'load'>,
): { port: number; pids: number[] } {
  switch (shape) {
    case 'pair': {
      const pair = load.kind === 'grpc' ? grpc : { server, client }
      if (pair === null) throw new Error(`${arm.name} has no pair for gRPC`)
      return { port: pair.client.port, pids: [...pair.client.pids(), ...pair.server.pids()] }
    }
    case 'hop':
      return { port: hop.port, pids: hop.pids() }
    case 'server':
      return { port: server.port, pids: server.pids() }
  }
}
