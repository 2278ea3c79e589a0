// `heddle proxy`: the proxy alone, in this process, for systemd and containers. Its log goes to stdout.
import { availableParallelism } from 'node:os'
import { readConfig, StartError, startProxy } from '@heddle/proxy'
import { systemClock } from '@heddle/shared/clock'
import { readEnvironment } from '../environment.ts'
import { prepareHome } from '../home.ts'
import { doubtsAbout, proxyVariables, readProxyOptions } from '../run/runOptions.ts'
import { endSignals } from '../supervise/signals.ts'
import { AdviceError } from '../terminal/advice.ts'
import { EXIT } from '../terminal/exitCodes.ts'
import { terminal } from '../terminal/print.ts'
import { readUp } from '../up/upFile.ts'
import { DEFAULT_CONTROL, joinTokenFrom } from './run.ts'

const DEFAULT_PORTS = { outboundPort: 4140, inboundPort: 4143, adminPort: 4191 }
const DRAIN_MS = 30_000

export async function proxy(given: Readonly<Record<string, unknown>>): Promise<number> {
  const options = readProxyOptions(given)
  const environment = readEnvironment()
  const home = prepareHome(environment.home)
  for (const line of doubtsAbout(options, availableParallelism())) terminal.note(`heddle: ${line}`)
  const control = options.control ?? environment.control ?? readUp(home)?.controlUrl ?? DEFAULT_CONTROL
  using signals = endSignals(systemClock)
  const asked = Promise.withResolvers<void>()
  const forced = Promise.withResolvers<void>()
  let requests = 0
  signals.onEnd(() => (requests++ === 0 ? asked.resolve() : forced.resolve()))
  const { inboundPort, ...clientPorts } = DEFAULT_PORTS
  const ports = options.appPort === undefined ? clientPorts : { ...clientPorts, inboundPort }
  try {
    const config = readConfig(proxyVariables({ ...ports, ...options }, control, home.directory))
    const token = options.token ?? environment.joinToken
    await using running = await startProxy({
      config,
      joinToken: () =>
        token === undefined ? joinTokenFrom(environment, home, options.service) : Promise.resolve(token),
      logTo: 'stdout',
    })
    const failure = await Promise.race([asked.promise, running.failed])
    if (failure !== undefined) throw failure
    const drained = running.withdraw().then(() => running.drain(DRAIN_MS))
    await Promise.race([drained, forced.promise])
    return EXIT.ok
  } catch (error) {
    if (error instanceof StartError) throw new AdviceError(error.message, { exitCode: error.exitCode, cause: error })
    throw error
  }
}
