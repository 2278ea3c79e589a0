// The control plane as a child of `heddle up`.
import { join } from 'node:path'
import { z } from 'zod'
import type { Home } from '../home.ts'
import { spawnChild, whenReady } from '../supervise/child.ts'
import { childEnvironment } from '../supervise/childEnvironment.ts'
import { PROGRAMS } from '../supervise/programs.ts'
import type { Running } from '../supervise/supervisor.ts'
import { AdviceError } from '../terminal/advice.ts'

const STOP_GRACE_MS = 15_000

const messageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    controlUrl: z.string(),
    controlPort: z.int(),
    adminPort: z.int(),
    rootSha256: z.string(),
  }),
  z.object({ type: z.literal('failed'), message: z.string() }),
])
export type ControlReady = Extract<z.infer<typeof messageSchema>, { type: 'ready' }>

export interface ControlProcess extends Running {
  readonly ready: ControlReady
}

export interface ControlStart {
  home: Home
  variables: Readonly<Record<string, string | undefined>>
  databaseUrl: string
  consoleDatabaseUrl: string
  listen: string
  port: number
  adminPort: number
}

export async function startControl(start: ControlStart, signal: AbortSignal): Promise<ControlProcess> {
  const { home, variables, databaseUrl, consoleDatabaseUrl, listen, port, adminPort } = start
  const logFile = join(home.logDirectory, 'control.log')
  const ready = Promise.withResolvers<ControlReady>()
  ready.promise.catch(() => {})
  const child = await spawnChild({
    name: 'the control plane',
    args: [PROGRAMS.control],
    env: childEnvironment(variables, home.compileCacheDirectory, {
      DATABASE_URL: databaseUrl,
      CONSOLE_DATABASE_URL: consoleDatabaseUrl,
      HEDDLE_HOME: home.directory,
      HEDDLE_CONTROL_LISTEN: listen,
      HEDDLE_CONTROL_PORT: String(port),
      HEDDLE_CONTROL_ADMIN_PORT: String(adminPort),
    }),
    logFile,
    onMessage: (received) => {
      const message = messageSchema.safeParse(received)
      if (!message.success) return
      if (message.data.type === 'ready') ready.resolve(message.data)
      else
        ready.reject(
          new AdviceError(`the control plane does not start: ${message.data.message}`, {
            advice: `Its log is ${logFile}.`,
          }),
        )
    },
  })
  try {
    return {
      ready: await whenReady({ name: 'the control plane', logFile }, child, ready.promise, signal),
      exited: child.exited,
      stop: () => child.stop(STOP_GRACE_MS),
    }
  } catch (error) {
    await child.stop(STOP_GRACE_MS)
    throw error
  }
}
