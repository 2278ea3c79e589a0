// Entry point of the `heddle` command: runs what the arguments ask for, and turns whatever went wrong into advice and
// an exit code.
import { CommanderError } from 'commander'
import { buildProgram, type Outcome } from './program.ts'
import { AdviceError, messageOf } from './terminal/advice.ts'
import { EXIT } from './terminal/exitCodes.ts'

/** Shows the error on stderr; the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    // Help and version are asked for; everything else, a missing subcommand too, commander has explained already.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  }
  if (error instanceof AdviceError) {
    const lines = [`heddle: ${error.message}`, ...(error.advice === undefined ? [] : [error.advice])]
    process.stderr.write(`${lines.join('\n')}\n`)
    return error.exitCode
  }
  process.stderr.write(`heddle: ${messageOf(error)}\n`)
  if (error instanceof Error && error.stack !== undefined)
    process.stderr.write(`${error.stack}\nThis is a defect of Heddle, not of what you did.\n`)
  return EXIT.error
}

async function main(argv: readonly string[]): Promise<number> {
  const outcome: Outcome = { exitCode: EXIT.ok }
  const program = buildProgram(outcome)
  const overrideExit = (command: typeof program): void => {
    command.exitOverride()
    for (const child of command.commands) overrideExit(child)
  }
  overrideExit(program)
  try {
    // Without anything there is nothing wrong to be told: the help is the answer.
    if (argv.length === 0) program.help()
    await program.parseAsync([...argv], { from: 'user' })
    return outcome.exitCode
  } catch (error) {
    return explain(error)
  }
}

// A reader that has seen enough (`heddle changes | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.error),
)

const exitCode = await main(process.argv.slice(2))
// What was written to a pipe is still on its way when a process exits at once.
process.exitCode = exitCode
if (process.channel) process.channel.unref()
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
