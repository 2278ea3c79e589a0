// The proxy beside CMD as a child process: its start, the token it may ask for, its draining. When, others decide.

import { type Child, spawnChild, whenReady } from '../supervise/child.ts'
import { type Running, sleep } from '../supervise/supervisor.ts'
import { AdviceError, messageOf } from '../terminal/advice.ts'
import { type AppHealth, type ProxyReady, proxyMessageSchema } from './proxyMessages.ts'

/** A proxy that was told to end and does not is killed after this long. */
const STOP_GRACE_MS = 10_000

export interface ProxyProcess extends Running {
  readonly ready: ProxyReady
  /** Withdraws the instance and lets what is in flight end; resolves when that is done, or the proxy gone. */
  drain(): Promise<void>
  /** Tells it which process group to end should we vanish. */
  setCommand(pid: number): void
}

export interface ProxyStart {
  /** The program and its arguments. */
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  logFile: string
  /** Asked when the proxy needs to join. */
  joinToken: (service: string) => Promise<string>
  /** At each change of the app's readiness. */
  onAppHealth: (health: AppHealth) => void
}

export async function startProxyProcess(
  { args, env, logFile, joinToken, onAppHealth }: ProxyStart,
  signal: AbortSignal,
): Promise<ProxyProcess> {
  const ready = Promise.withResolvers<ProxyReady>()
  const drained = Promise.withResolvers<void>()
  ready.promise.catch(() => {})
  const onMessage = (received: unknown, child: Child): void => {
    const parsed = proxyMessageSchema.safeParse(received)
    if (!parsed.success) return
    const message = parsed.data
    switch (message.type) {
      case 'need_token':
        joinToken(message.service).then(
          (token) => child.send({ type: 'token', token }),
          (error: unknown) => {
            // The reason is ours to tell; the proxy only learns that there is none.
            ready.reject(error)
            child.send({ type: 'token_failed', message: messageOf(error) })
          },
        )
        break
      case 'ready':
        ready.resolve(message)
        break
      case 'app_health':
        onAppHealth(message)
        break
      case 'failed':
        ready.reject(new AdviceError(message.message, { exitCode: message.exitCode }))
        break
      case 'drained':
        drained.resolve()
        break
    }
  }
  const child = await spawnChild({ name: 'the proxy', args, env, logFile, onMessage })
  try {
    const isReady = await whenReady({ name: 'the proxy', logFile }, child, ready.promise, signal)
    return {
      ready: isReady,
      exited: child.exited,
      async drain() {
        child.send({ type: 'drain' })
        await Promise.race([drained.promise, child.exited])
      },
      setCommand: (pid) => child.send({ type: 'app', pid }),
      async stop() {
        // CMD is gone: unlike on SIGTERM there is nothing left to wait for.
        child.send({ type: 'stop' })
        const patience = new AbortController()
        await Promise.race([child.exited, sleep(STOP_GRACE_MS, patience.signal)])
        patience.abort()
        child.signal('SIGKILL')
        return child.exited
      },
    }
  } catch (error) {
    await child.stop(STOP_GRACE_MS)
    throw error
  }
}
