// `heddle up`: Postgres, control plane, console (and the shop), each kept running, in an order that this file spells out;
// the end is the same order backwards.
import { systemClock } from '@heddle/shared/clock'
import { consoleClient } from '../console/client.ts'
import type { Environment } from '../environment.ts'
import { prepareHome } from '../home.ts'
import { endSignals } from '../supervise/signals.ts'
import { sleep, supervise } from '../supervise/supervisor.ts'
import { EXIT, exitCodeOf } from '../terminal/exitCodes.ts'
import type { Terminal } from '../terminal/print.ts'
import { grantAccess } from './access.ts'
import { localUrl, startConsole } from './consoleProcess.ts'
import { startControl } from './controlProcess.ts'
import { startDatabase } from './database.ts'
import { startDemo } from './demo.ts'
import { needPort, portOrAny } from './ports.ts'
import { startTlsFront } from './tlsFront.ts'
import { claimUp } from './upFile.ts'
import type { UpOptions } from './upOptions.ts'

/** Runs until it is asked to end; the exit code. */
export async function up(options: UpOptions, environment: Environment, terminal: Terminal): Promise<number> {
  const { out, note } = terminal
  const home = prepareHome(environment.home)
  using signals = endSignals(systemClock)
  const ending = new AbortController()
  const asked = Promise.withResolvers<void>()
  signals.onEnd((signal) => {
    if (ending.signal.aborted) {
      note('ending at once')
      // Whatever still runs notices that we are gone and ends by itself.
      process.exit(exitCodeOf({ code: null, signal }))
    }
    ending.abort(new Error('asked to end'))
    asked.resolve()
  })

  const claim = claimUp(home, systemClock.now())
  await using stack = new AsyncDisposableStack()
  stack.defer(claim.release)
  const parts = { note, clock: systemClock, random: Math.random, sleep }

  try {
    const consolePort = await needPort(options.consolePort, options.listen, '--console-port')
    let controlPort = await needPort(options.controlPort, options.listen, '--control-port')
    let adminPort = await portOrAny(controlPort + 1)

    note('starting Postgres')
    const database = await startDatabase(environment, home, note)
    stack.defer(database.stop)
    ending.signal.throwIfAborted()

    note('starting the control plane')
    const control = await supervise({
      name: 'the control plane',
      ...parts,
      start: async (signal) => {
        const started = await startControl(
          {
            home,
            variables: environment.variables,
            databaseUrl: database.url,
            consoleDatabaseUrl: database.consoleUrl,
            listen: options.listen,
            port: controlPort,
            adminPort,
          },
          AbortSignal.any([signal, ending.signal]),
        )
        // Proxies know the port that it had.
        controlPort = started.ready.controlPort
        adminPort = started.ready.adminPort
        return started
      },
    })
    stack.defer(() => control.stop())
    const { controlUrl } = control.current.ready
    const consoleUrl = withPort(options.consoleUrl, consolePort)
    const { setupLink, adminToken } = await grantAccess(database.url, home, consoleUrl)
    ending.signal.throwIfAborted()

    note('starting the console')
    const innerPort = options.tls === null ? consolePort : await needPort(0, '127.0.0.1', '--console-port')
    const innerListen = options.tls === null ? options.listen : '127.0.0.1'
    const webConsole = await supervise({
      name: 'the console',
      ...parts,
      start: (signal) =>
        startConsole(
          {
            home,
            variables: environment.variables,
            databaseUrl: database.consoleUrl,
            publicUrl: consoleUrl,
            listen: innerListen,
            port: innerPort,
            control: controlUrl,
          },
          AbortSignal.any([signal, ending.signal]),
        ),
    })
    stack.defer(() => webConsole.stop())
    if (options.tls !== null) {
      const { cert, key } = options.tls
      const { listen } = options
      stack.use(await startTlsFront({ certFile: cert, keyFile: key, listen, port: consolePort, target: innerPort }))
    }

    const consoleLocalUrl = localUrl(innerListen, innerPort)
    claim.publish({ consoleUrl, consoleLocalUrl, controlUrl, controlAdminPort: adminPort })
    if (options.demo) {
      note('starting the sample shop, a proxy beside each program')
      const client = consoleClient({ url: consoleLocalUrl, token: adminToken })
      const { variables } = environment
      const demo = await startDemo({ home, client, variables, note, signal: ending.signal })
      stack.defer(demo.stop)
    }
    for (const line of welcome(consoleUrl, setupLink, options.demo)) out(line)
  } catch (error) {
    // What breaks because we were asked to end is no error.
    if (!ending.signal.aborted) throw error
  }
  await asked.promise
  note('ending (again to end at once)')
  await stack.disposeAsync()
  return EXIT.ok
}

function withPort(url: string, port: number): string {
  if (!url.endsWith(':0')) return url
  return `${url.slice(0, -2)}:${port}`
}

function welcome(consoleUrl: string, setupLink: string | null, isDemo: boolean): string[] {
  return [
    '',
    'Heddle is up.',
    `  Console   ${consoleUrl}`,
    setupLink === null
      ? '  Sign in   as before ("npx heddle user reset NAME" makes a new link for who is locked out)'
      : `  Sign in   ${setupLink}`,
    ...(setupLink === null ? [] : ['            (makes you the first admin; works once, for 24 hours)']),
    isDemo
      ? '  Try       npx heddle stat services'
      : '  Try       npx heddle run --service hello --app-port 8080 -- python3 -m http.server 8080 --bind 127.0.0.1',
    '  End       Ctrl-C',
    '',
  ]
}
