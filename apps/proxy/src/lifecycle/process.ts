// A proxy as a process of its own: configuration from the environment, a parent over IPC or none, signals, exit code.
import { readConfig } from '../config.ts'
import { endGroup, groupGone } from './appGroup.ts'
import { EndingSequence } from './ending.ts'
import { Parent } from './parent.ts'
import { EXIT, type ExitCode, messageOf, StartError } from './startError.ts'

/** Runs until it has ended; the exit code. */
export async function runProxy(): Promise<ExitCode> {
  const parent = Parent.ofThisProcess()
  try {
    const config = readConfig()
    const { startProxy } = await import('../app.ts')
    const proxy = await startProxy({
      config,
      logTo: parent === undefined ? 'stdout' : 'file',
      onAppHealth: ({ isReady, reason }) => void parent?.send({ type: 'app_health', isReady, reason }),
      joinToken: async () => {
        if (config.joinToken !== null) return config.joinToken
        if (parent !== undefined) return parent.requestToken(config.service)
        throw new StartError(
          EXIT.usage,
          `This instance of ${config.service} has no certificate yet: give it a join token with --token (HEDDLE_JOIN_TOKEN). \`heddle token create --service ${config.service}\` makes one.`,
        )
      },
    })
    process.on('uncaughtException', (error) => {
      // Nothing is known about the state after it: the supervisor starts a fresh one, from disk, at once.
      proxy.log.error('ending after a defect', { reason: error.stack ?? messageOf(error) })
      process.exit(EXIT.failure)
    })
    const ending = new EndingSequence(
      {
        withdraw: () => proxy.withdraw(),
        drain: (deadlineMs) => proxy.drain(deadlineMs),
        close: () => proxy[Symbol.asyncDispose](),
        tellDrained: async () => await parent?.send({ type: 'drained' }),
        hasParent: () => parent?.isConnected ?? false,
        appGone: async (timeoutMs) => (parent?.appGroup ? await groupGone(parent.appGroup, timeoutMs) : true),
        endApp: async (graceMs) => (parent?.appGroup ? endGroup(parent.appGroup, graceMs) : undefined),
      },
      proxy.log,
    )
    process.on('SIGTERM', () => ending.signalled('SIGTERM'))
    process.on('SIGINT', () => ending.signalled('SIGINT'))
    parent?.listen({
      onDrain: () => ending.drain(),
      onStop: () => ending.stop(),
      onGone: () => ending.parentGone(),
    })
    await parent?.send({ type: 'ready', instance: proxy.instance, isNew: proxy.isNew, ports: proxy.ports })
    const failure = await Promise.race([ending.closed, proxy.failed])
    if (failure === undefined) return EXIT.ok
    // A defect: the supervisor starts a fresh proxy, and what this one has counted is not lost.
    proxy.log.error('ending after a defect', { reason: failure.message })
    await proxy[Symbol.asyncDispose]()
    throw failure
  } catch (error) {
    const exitCode = error instanceof StartError ? error.exitCode : EXIT.failure
    const message =
      error instanceof StartError || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message)
    await parent?.send({ type: 'failed', message, exitCode })
    if (parent === undefined) process.stderr.write(`heddle proxy: ${message}\n`)
    return exitCode
  }
}
