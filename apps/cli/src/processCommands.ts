// The part of the command tree that starts and ends processes: up, down, run, proxy, control, ca.
import type { Command } from 'commander'
import type { Outcome } from './program.ts'

type Options = Record<string, unknown>

export function addProcessCommands(program: Command, outcome: Outcome): void {
  program
    .command('up')
    .summary('start the mesh on this machine')
    .description('Starts Postgres, the control plane and the console, keeps them running, and ends them on Ctrl-C.')
    .option('--demo', 'and the sample shop, with traffic')
    .option('--console-port <port>', 'of the console', '3000')
    .option('--control-port <port>', 'of the control plane', '4000')
    .option('--listen <address>', 'of both; beyond loopback the console wants TLS', '127.0.0.1')
    .option('--behind-tls', 'something before the console ends TLS')
    .option('--console-url <url>', 'the address that browsers see, where it differs')
    .option('--tls-cert <file>', "the console's own certificate, PEM")
    .option('--tls-key <file>', 'its key, PEM')
    .addHelpText(
      'after',
      `
Your own Postgres is used with DATABASE_URL; without it one is started below HEDDLE_HOME.

Examples:
  $ heddle up --demo
  $ heddle up --listen 0.0.0.0 --behind-tls --console-url https://mesh.example.org`,
    )
    .action(async (given: Options) => {
      const [{ readUpOptions }, { lookBeforeBuild }, { homeAt }, { readEnvironment }, { terminal }] = await Promise.all(
        [
          import('./up/upOptions.ts'),
          import('./up/beforeBuild.ts'),
          import('./home.ts'),
          import('./environment.ts'),
          import('./terminal/print.ts'),
        ],
      )
      const options = readUpOptions(given)
      const environment = readEnvironment()
      await lookBeforeBuild(options, homeAt(environment.home))
      await built('console')
      const { up } = await import('./up/up.ts')
      outcome.exitCode = await up(options, environment, terminal)
    })
  program
    .command('down')
    .description('Ends the "heddle up" of this HEDDLE_HOME and waits until it has ended.')
    .action(async () => {
      const [{ homeAt }, { readEnvironment }, { terminal }, { down }] = await Promise.all([
        import('./home.ts'),
        import('./environment.ts'),
        import('./terminal/print.ts'),
        import('./up/down.ts'),
      ])
      await down(homeAt(readEnvironment().home), terminal)
    })

  withProxyOptions(program.command('run'))
    .summary('start CMD with its proxy beside it')
    .description(
      'Starts CMD with its proxy beside it and the proxy environment set, and ends as CMD ends, with its exit code.\n' +
        'Without --app-port it is a client only.',
    )
    .argument('<cmd...>', 'the command and its arguments, after --')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
On SIGTERM or Ctrl-C callers are told first, requests in flight end, then CMD gets the signal.

Examples:
  $ heddle run --service cart --app-port 8080 -- node cart.js
  $ heddle run --service probe -- curl -s http://catalog/products
  $ heddle run --service cart --app-port 8080 --upstream redis:6379 -- node cart.js
  $ heddle run --service cart --app-port 8080 --control https://mesh:4000 --token heddle.… -- ./cart

Exit codes: CMD's own, or 128 + the signal that ended it; 127 CMD not found, 126 not executable; 64 wrong usage;
69 no control plane, 73 no room for state, 75 a port or the instance is taken, 76 the control plane is not the one
that the token names, 77 the token or certificate was refused.`,
    )
    .action(async (argv: string[], given: Options) => {
      const { run } = await import('./commands/run.ts')
      outcome.exitCode = await run(given, argv)
    })
  withProxyOptions(program.command('proxy'))
    .summary('the proxy alone')
    .description('Runs the proxy alone, for systemd and containers; ports are 4140, 4143 and 4191 unless told.')
    .action(async (given: Options) => {
      const { proxy } = await import('./commands/proxy.ts')
      outcome.exitCode = await proxy(given)
    })

  program
    .command('control')
    .description('The control plane.')
    .command('new-epoch')
    .summary('after a restore of the database')
    .description('After the database was restored from a backup: lets proxies accept its older revisions.')
    .action(async () => {
      await built('database client')
      const { newControlEpoch } = await import('./commands/database.ts')
      await newControlEpoch()
    })
  program
    .command('ca')
    .description('The certificate authority.')
    .command('status')
    .description('Shows roots and issuers, and until when they hold.')
    .option('-o, --output <format>', 'json: stable, see docs/cli.md')
    .action(async (options: { output?: string }) => {
      const { readFormat } = await import('./commands/configuration.ts')
      const isJson = readFormat(options.output, ['json']) === 'json'
      await built('database client')
      const { caStatus } = await import('./commands/database.ts')
      await caStatus(isJson)
    })
}

/** What a fresh clone lacks is built, with progress on stderr; it must be there before what uses it is loaded. */
async function built(what: 'database client' | 'console'): Promise<void> {
  const { ensureBundle, ensureConsole, ensureGenerated } = await import('../../../scripts/build.mjs')
  try {
    await ensureGenerated()
    if (what !== 'console') return
    await ensureConsole()
    // The services beside this mesh start from it.
    await ensureBundle()
  } catch (error) {
    const { AdviceError, messageOf } = await import('./terminal/advice.ts')
    if (error instanceof AdviceError) throw error
    throw new AdviceError(`Heddle could not be built: ${messageOf(error)}`, { cause: error })
  }
}

function withProxyOptions(command: Command): Command {
  return command
    .requiredOption('--service <name>', 'what it is called in the mesh')
    .option('--version <version>', 'e.g. v2; reachable as NAME-VERSION too (default: "v1")')
    .option('--app-port <port>', 'where the app listens on this machine; without it a client only')
    .option('--ready-path <path>', 'asked with GET each second; without it a TCP connection must succeed')
    .option('--public-port <port>', 'lets callers in that are not in the mesh, in clear text')
    .option('--instance <id>', 'name of its state directory (default: NAME-VERSION-<lowest free number>)')
    .option('--upstream <service:port>', 'a TCP service of the mesh on a local port; may be given again', together)
    .option('--control <urls>', 'control planes, https, comma separated (HEDDLE_CONTROL)')
    .option('--token <token>', 'join token (HEDDLE_JOIN_TOKEN); on the machine of "heddle up" not needed')
    .option('--advertise <host[:port]>', 'where other machines reach it')
    .option('--workers <n>', 'processes that carry its traffic, for more than one processor (default: "1")')
    .option('--outbound-port <port>', "for the app's own calls")
    .option('--inbound-port <port>', 'for mTLS from other proxies')
    .option('--admin-port <port>', 'for /metrics, /ready and /live')
}

/** Of an option that may be given more than once. */
function together(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}
