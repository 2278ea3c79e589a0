// The command tree: names, options and help. What a command does is loaded when it is called, so that each start is fast.
import { Command } from 'commander'
import type { Context } from './commands/context.ts'
import { addProcessCommands } from './processCommands.ts'

/** Set by an action whose outcome is more than "it worked". */
export interface Outcome {
  exitCode: number
}

const context = async (): Promise<Context> => (await import('./commands/context.ts')).contextHere()

const json = async (format: string | undefined): Promise<boolean> =>
  (await import('./commands/configuration.ts')).readFormat(format, ['json']) === 'json'

const JSON_OPTION = ['-o, --output <format>', 'json: stable, see docs/cli.md'] as const

/** `outcome` gets the exit code of the command that ran. */
export function buildProgram(outcome: Outcome): Command {
  const program = new Command('heddle')
    .description('A service mesh that anyone who can run Node can run.')
    .version('0.1.0')
    .enablePositionalOptions()
    .showHelpAfterError('"heddle --help" and "heddle COMMAND --help" explain.')
    .addHelpText(
      'after',
      `
Examples:
  $ heddle up                                               the mesh on this machine
  $ heddle run --service cart --app-port 8080 -- node cart.js
  $ heddle apply -f routes.yaml
  $ heddle stat services

Environment:
  HEDDLE_HOME            state and logs (default ~/.heddle)
  HEDDLE_URL             the console to speak to; on the machine of "heddle up" it is found by itself
  HEDDLE_TOKEN           an API token for it
  HEDDLE_CONTROL         control planes to join, https URLs, comma separated
  HEDDLE_JOIN_TOKEN      what an instance joins with
  DATABASE_URL           your own Postgres for "heddle up" (CONSOLE_DATABASE_URL: the console's weaker role in it)

Exit codes: 0 all is well, 1 it did not work, 2 something is degraded, 64 wrong usage. "run" ends with CMD's own.`,
    )
  addProcessCommands(program, outcome)
  addConfigurationCommands(program)
  addAccountCommands(program)
  addObservationCommands(program, outcome)
  return program
}

const files = (path: string, before: string[] | undefined): string[] => [...(before ?? []), path]

function addConfigurationCommands(program: Command): void {
  program
    .command('apply')
    .summary('make the mesh as the files say')
    .description('Makes or changes the resources in the files, all or none of them. Applying again changes nothing.')
    .requiredOption(
      '-f, --filename <file|dir|->',
      'YAML or JSON; a directory: every such file in it; may be repeated',
      files,
    )
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExamples:\n  $ heddle apply -f routes.yaml\n  $ heddle get httproute catalog -o yaml | sed s/90/50/ | heddle apply -f -',
    )
    .action(async (options: { filename: string[]; output?: string }) => {
      const { apply, loadManifests } = await import('./commands/configuration.ts')
      const manifest = loadManifests(options.filename)
      await apply(await context(), manifest, await json(options.output))
    })
  program
    .command('diff')
    .summary('what apply would change')
    .description('Shows, as a unified diff of YAML, what apply would change. Changes nothing.')
    .requiredOption('-f, --filename <file|dir|->', 'as for apply', files)
    .action(async (options: { filename: string[] }) => {
      const { diff, loadManifests } = await import('./commands/configuration.ts')
      const manifest = loadManifests(options.filename)
      await diff(await context(), manifest)
    })
  program
    .command('get')
    .summary('list or show resources')
    .description(
      'Lists the resources of a kind, or shows one. Kinds: service, httproute, grpcroute, accessrule, meshsettings.',
    )
    .argument('<kind>')
    .argument('[name]')
    .option('-o, --output <format>', 'yaml (what apply takes) or json')
    .addHelpText('after', '\nExamples:\n  $ heddle get services\n  $ heddle get httproute catalog -o yaml')
    .action(async (kind: string, name: string | undefined, options: { output?: string }) => {
      const { get, readFormat, readKind } = await import('./commands/configuration.ts')
      const format = readFormat(options.output, ['yaml', 'json']) ?? (name === undefined ? 'table' : 'yaml')
      const known = readKind(kind)
      await get(await context(), known, name, format)
    })
  program
    .command('delete')
    .description('Deletes a resource; "heddle revert" brings it back.')
    .argument('<kind>')
    .argument('<name>')
    .action(async (kind: string, name: string) => {
      const { readKind, remove } = await import('./commands/configuration.ts')
      const known = readKind(kind)
      await remove(await context(), known, name)
    })
  program
    .command('changes')
    .description('Lists who changed what, newest first.')
    .option('--limit <n>', 'at most so many', '20')
    .option('--service <name>', 'only what concerns this service')
    .option(...JSON_OPTION)
    .action(async (options: { limit: string; service?: string; output?: string }) => {
      const { changes, readLimit } = await import('./commands/changes.ts')
      const filter = { limit: readLimit(options.limit), service: options.service }
      await changes(await context(), filter, await json(options.output))
    })
  program
    .command('revert')
    .summary('take a change back')
    .description('Puts back what the change changed, unless it was changed again since.')
    .argument('<revision>')
    .action(async (text: string) => {
      const { readRevision, revert } = await import('./commands/changes.ts')
      const revision = readRevision(text)
      await revert(await context(), revision)
    })
}

function addAccountCommands(program: Command): void {
  const token = program.command('token').description('Join tokens: what an instance on another machine joins with.')
  token
    .command('create')
    .description('Prints a new join token on stdout.')
    .requiredOption('--service <name>', 'the one service that it lets join')
    .option('--uses <n>', 'how many instances', '1')
    .option('--ttl <duration>', 'valid for, e.g. 30m, 24h, 7d', '1h')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  $ heddle token create --service cart --uses 3 --ttl 24h')
    .action(async (options: { service: string; uses: string; ttl: string; output?: string }) => {
      const { createToken } = await import('./commands/accounts.ts')
      await createToken(await context(), options, await json(options.output))
    })
  token
    .command('list')
    .description('Lists join tokens, without their secrets.')
    .option(...JSON_OPTION)
    .action(async (options: { output?: string }) => {
      const { listTokens } = await import('./commands/accounts.ts')
      await listTokens(await context(), await json(options.output))
    })
  token
    .command('revoke')
    .description('Nobody can join with it any more; who has joined stays.')
    .argument('<id>')
    .action(async (id: string) => {
      const { revokeToken } = await import('./commands/accounts.ts')
      await revokeToken(await context(), id)
    })

  const apiToken = program
    .command('api-token')
    .description('API tokens: what scripts and commands on other machines call the console with (HEDDLE_TOKEN).')
  apiToken
    .command('create')
    .description('Prints a new API token on stdout.')
    .argument('<name>', 'what the history calls whoever uses it')
    .option('--role <role>', 'viewer, operator or admin', 'viewer')
    .option('--ttl <duration>', 'valid for, e.g. 24h, 90d (default: until it is revoked)')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  $ heddle api-token create deploys --role operator --ttl 90d')
    .action(async (name: string, options: { role: string; ttl?: string; output?: string }) => {
      const { createApiToken, readDuration, readRole } = await import('./commands/accounts.ts')
      const ttlMs = options.ttl === undefined ? null : readDuration(options.ttl, '--ttl')
      const role = readRole(options.role)
      await createApiToken(await context(), name, { role, ttlMs }, await json(options.output))
    })
  apiToken
    .command('list')
    .description('Lists API tokens, without their secrets.')
    .option(...JSON_OPTION)
    .action(async (options: { output?: string }) => {
      const { listApiTokens } = await import('./commands/accounts.ts')
      await listApiTokens(await context(), await json(options.output))
    })
  apiToken
    .command('revoke')
    .description('Nobody can use it any more, from now on.')
    .argument('<id>')
    .action(async (id: string) => {
      const { revokeApiToken } = await import('./commands/accounts.ts')
      await revokeApiToken(await context(), id)
    })

  const user = program
    .command('user')
    .description("The console's users: viewers look, operators change, admins do all.")
  user
    .command('list')
    .description('Lists users and their roles, and who was invited and has no password yet.')
    .option(...JSON_OPTION)
    .action(async (options: { output?: string }) => {
      const { listUsers } = await import('./commands/accounts.ts')
      await listUsers(await context(), await json(options.output))
    })
  user
    .command('create')
    .description('Makes a user and prints a link with which they choose a password.')
    .argument('<name>', 'an e-mail address or a plain name')
    .option('--role <role>', 'viewer, operator or admin', 'viewer')
    .action(async (name: string, options: { role: string }) => {
      const { createUser, readRole } = await import('./commands/accounts.ts')
      const role = readRole(options.role)
      await createUser(await context(), name, role)
    })
  user
    .command('role')
    .description('Gives a user another role; signs them out everywhere.')
    .argument('<name>')
    .argument('<role>', 'viewer, operator or admin')
    .action(async (name: string, text: string) => {
      const { readRole, setUserRole } = await import('./commands/accounts.ts')
      const role = readRole(text)
      await setUserRole(await context(), name, role)
    })
  user
    .command('remove')
    .description('Takes an account or an invitation away; the last admin stays.')
    .argument('<name>')
    .action(async (name: string) => {
      const { removeUser } = await import('./commands/accounts.ts')
      await removeUser(await context(), name)
    })
  user
    .command('reset')
    .description('Prints a link with which the user chooses a new password: the way back for who is locked out.')
    .argument('<name>')
    .action(async (name: string) => {
      const { resetUser } = await import('./commands/accounts.ts')
      await resetUser(await context(), name)
    })
}

function addObservationCommands(program: Command, outcome: Outcome): void {
  const stat = program
    .command('stat')
    .description("Requests, success and latency from the callers' side, after retries.")
  for (const [name, description] of [
    ['services', 'One row for each service.'],
    ['routes', 'One row for each service, version and route, with retries made and not made.'],
    ['edges', 'One row for each pair of caller and called.'],
  ] as const) {
    const command = stat
      .command(name)
      .description(description)
      .argument('[service]', 'only this one')
      .option('--window <duration>', 'how far back, e.g. 1m, 1h, 7d', '1m')
    if (name === 'routes') command.option('--route <route>', 'only this one: <route>, <route>/<rule> or default')
    command
      .option(...JSON_OPTION)
      .action(async (service: string | undefined, options: { window: string; route?: string; output?: string }) => {
        const observe = await import('./commands/observe.ts')
        const filter = { service, windowMs: observe.readWindow(options.window), route: options.route }
        await observe.stat(await context(), name, filter, await json(options.output))
      })
  }
  program
    .command('status')
    .summary('is all well?')
    .description('Shows control plane, database and every proxy. Exit code 0: all is well, 2: something is degraded.')
    .option(...JSON_OPTION)
    .action(async (options: { output?: string }) => {
      const { status } = await import('./commands/observe.ts')
      outcome.exitCode = await status(await context(), await json(options.output))
    })
}
