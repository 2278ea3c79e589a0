// The process: environment in, exit code out. A parent is told over IPC when the control plane is ready or has failed,
// and its end is this process's end.
import { systemClock } from '@heddle/shared/clock'
import { startControl } from './app.ts'
import { readConfig } from './config.ts'
import { errorText, jsonLog } from './log.ts'

/** As sysexits.h has it: EX_USAGE for a wrong configuration. */
const EXIT_USAGE = 64
const BUILD = '0.1.0'

const log = jsonLog((line) => process.stdout.write(line), systemClock.now)

function fail(message: string, code: number): void {
  log('error', message)
  process.exitCode = code
  process.send?.({ type: 'failed', message }, leaveParent)
}

/** The channel to the parent would keep the process from ending. */
function leaveParent(): void {
  if (process.connected) process.disconnect?.()
}

async function main(): Promise<void> {
  const read = readConfig(process.env)
  if ('mistakes' in read) return fail(`The environment is not right: ${read.mistakes.join('; ')}`, EXIT_USAGE)
  const stop = Promise.withResolvers<string>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.resolve(signal))
  process.once('disconnect', () => stop.resolve('the parent is gone'))

  await using control = await startControl({ ...read.config, clock: systemClock, log, build: BUILD })
  log('info', 'ready', { url: control.url, port: control.port, adminPort: control.adminPort })
  process.send?.({
    type: 'ready',
    controlUrl: control.url,
    controlPort: control.port,
    adminPort: control.adminPort,
    rootSha256: control.rootSha256,
  })
  log('info', 'stopping', { reason: await stop.promise })
}

try {
  await main()
  if (process.exitCode === undefined) leaveParent()
} catch (error) {
  fail(errorText(error), 1)
}
