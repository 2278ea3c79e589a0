// `heddle run`: what runBeside is given: the real proxy, the real CMD, this machine's console for the join token.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@heddle/shared/clock'
import { nodeOptions } from '../../bin/nodeOptions.mjs'
import { type Environment, readEnvironment } from '../environment.ts'
import { type Home, prepareHome } from '../home.ts'
import { startCommand } from '../run/command.ts'
import { commandEnvironment } from '../run/commandEnvironment.ts'
import { findExposure } from '../run/listeners.ts'
import type { AppHealth, ProxyReady } from '../run/proxyMessages.ts'
import { startProxyProcess } from '../run/proxyProcess.ts'
import { runBeside } from '../run/runBeside.ts'
import { APP_PATIENCE_MS, AppNotes, joinedLine } from '../run/runNotes.ts'
import { doubtsAbout, type ProxyOptions, proxyVariables, readProxyOptions } from '../run/runOptions.ts'
import { childEnvironment } from '../supervise/childEnvironment.ts'
import { PROGRAMS } from '../supervise/programs.ts'
import { endSignals } from '../supervise/signals.ts'
import { sleep } from '../supervise/supervisor.ts'
import { AdviceError } from '../terminal/advice.ts'
import { terminal } from '../terminal/print.ts'
import { readUp } from '../up/upFile.ts'

/** Where `heddle up` listens when it is not told otherwise. */
export const DEFAULT_CONTROL = 'https://127.0.0.1:4000'
/** Time to join over the network; the token is of no use afterwards. */
const JOIN_TOKEN_TTL_MS = 5 * 60_000
/** A start that takes longer says what it waits for. */
const PATIENCE_MS = 3_000
const EXPOSURE_POLL_MS = 500
const EXPOSURE_POLLS = 120

/** A line on stderr. */
type Note = (line: string) => void

export async function run(given: Readonly<Record<string, unknown>>, argv: readonly string[]): Promise<number> {
  const options = readProxyOptions(given)
  const environment = readEnvironment()
  const home = prepareHome(environment.home)
  using signals = endSignals(systemClock)
  const ended = new AbortController()
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => forward(signal))
  let forward: (signal: NodeJS.Signals) => void = () => {}
  // Between the lines of CMD it must be clear who speaks.
  const note = (line: string) => terminal.note(`heddle: ${line}`)
  const { appPort } = options
  const app = appPort === undefined ? undefined : new AppNotes({ ...options, appPort }, note)
  warnOfOtherProxy(environment, note)
  for (const line of doubtsAbout(options, availableParallelism())) note(line)
  try {
    return await runBeside({
      startProxy: (again, signal) =>
        startProxy({ options, environment, home, again, signal, note, onAppHealth: (health) => app?.told(health) }),
      startCommand: async (ready) => {
        const line = joinedLine(options, ready, process.stderr.isTTY)
        if (line !== null) note(line)
        const command = await startCommand(argv, environmentOf(options, environment, home, ready))
        forward = command.signal
        if (appPort !== undefined) void warnOfExposure(appPort, ended.signal, note)
        if (app !== undefined) void warnOfLateApp(app, ended.signal)
        return command
      },
      onEnd: signals.onEnd,
      note,
      clock: systemClock,
      random: Math.random,
      sleep,
    })
  } finally {
    ended.abort()
  }
}

interface ProxyStart {
  options: ProxyOptions
  environment: Environment
  home: Home
  again: ProxyReady | undefined
  signal: AbortSignal
  note: Note
  onAppHealth: (health: AppHealth) => void
}

async function startProxy({ options, environment, home, again, signal, note, onAppHealth }: ProxyStart) {
  const control = controlOf(options, environment, home)
  const token = options.token ?? environment.joinToken
  // CMD's environment names the outbound port: a proxy that comes back must have it again.
  const asBefore =
    again === undefined ? {} : { instance: directoryOf(again.instance), outboundPort: again.ports.outbound }
  const told = { ...options, ...asBefore, ...(token === undefined ? {} : { token }) }
  const started = startProxyProcess(
    {
      args: [...nodeOptions('proxy', process.versions.node), PROGRAMS.proxy],
      env: childEnvironment(
        environment.variables,
        home.compileCacheDirectory,
        proxyVariables(told, control, home.directory),
      ),
      logFile: join(home.logDirectory, `${options.instance ?? `${options.service}-${options.version}`}.proxy.log`),
      joinToken: (service) => joinTokenFrom(environment, home, service),
      onAppHealth,
    },
    signal,
  )
  const timer = setTimeout(() => note(`waiting for the control plane at ${control}`), PATIENCE_MS)
  try {
    return await started
  } finally {
    clearTimeout(timer)
  }
}

/** An instance is named after its state directory, with four random letters behind. */
const directoryOf = (instance: string): string => instance.replace(/-[a-z]{4}$/, '')

function controlOf(options: ProxyOptions, environment: Environment, home: Home): string {
  return options.control ?? environment.control ?? readUp(home)?.controlUrl ?? DEFAULT_CONTROL
}

/** Asks the console of this machine. Throws advice that says what else can be done. */
export async function joinTokenFrom(environment: Environment, home: Home, service: string): Promise<string> {
  // Loaded for the one join in an instance's life, not kept by each that runs.
  const [{ consoleClient }, { findConsole }] = await Promise.all([
    import('../console/client.ts'),
    import('../console/connection.ts'),
  ])
  try {
    const client = consoleClient(findConsole(environment, home))
    const input = { service, uses: 1, ttlMs: JOIN_TOKEN_TTL_MS }
    return (await client.call('joinTokens.create', input)).token
  } catch (error) {
    if (!(error instanceof AdviceError)) throw error
    throw new AdviceError(`${service} cannot join the mesh: ${error.message}`, {
      advice: [
        error.advice,
        'Or give a token with --token or HEDDLE_JOIN_TOKEN ("heddle token create" makes one) and the control plane with --control.',
      ]
        .filter((line) => line !== undefined)
        .join('\n'),
      cause: error,
    })
  }
}

function environmentOf(
  options: ProxyOptions,
  environment: Environment,
  home: Home,
  ready: ProxyReady,
): Record<string, string> {
  return commandEnvironment(environment.variables, {
    service: options.service,
    version: options.version,
    instance: ready.instance,
    outboundPort: ready.ports.outbound,
    adminPort: ready.ports.admin,
    appPort: options.appPort ?? null,
    preload: PROGRAMS.preload,
    compileCacheDirectory: home.compileCacheDirectory,
  })
}

/** A proxy that the user needs for the world outside is not chained: calls to it would simply not be made. */
function warnOfOtherProxy({ variables }: Environment, note: Note): void {
  const other = variables.http_proxy ?? variables.HTTP_PROXY ?? variables.https_proxy ?? variables.HTTPS_PROXY
  if (other === undefined || other === '' || /^http:\/\/(?:127\.0\.0\.1|localhost):/.test(other)) return
  note(
    'warning: a proxy was set in the environment; the mesh takes its place for this command and does not pass through it',
  )
}

/** Looks once the app listens; whoever reaches it beyond loopback goes around access rules and mTLS. */
async function warnOfExposure(port: number, signal: AbortSignal, note: Note): Promise<void> {
  for (let i = 0; i < EXPOSURE_POLLS && !signal.aborted; i++) {
    const exposed = findExposure(port)
    if (exposed !== undefined) {
      if (exposed.length > 0)
        note(
          `warning: the app listens on ${exposed.join(', ')} port ${port}: others can call it around the mesh. ` +
            'Let it listen on 127.0.0.1.',
        )
      return
    }
    await sleep(EXPOSURE_POLL_MS, signal)
  }
}

async function warnOfLateApp(app: AppNotes, signal: AbortSignal): Promise<void> {
  await sleep(APP_PATIENCE_MS, signal)
  if (!signal.aborted) app.late()
}
