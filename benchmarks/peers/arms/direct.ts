// No proxy at all: what the backend and the generator themselves take, which is what latency is added to.
import type { Arm, OpenArm, RunningProxy } from './arm.ts'

const nobody = (port: number): RunningProxy => ({
  port,
  startMs: 0,
  pids: () => [],
  supervisors: () => [],
  [Symbol.asyncDispose]: async () => {},
})

export const direct: Arm = {
  name: 'direct',
  missing: () => null,
  open: async ({ backendPort }): Promise<OpenArm> => ({
    version: '–',
    startServer: async () => nobody(backendPort),
    startClient: async () => nobody(backendPort),
    startHop: async () => nobody(backendPort),
    callerCredentials: () => null,
    companions: () => [],
    [Symbol.asyncDispose]: async () => {},
  }),
}
