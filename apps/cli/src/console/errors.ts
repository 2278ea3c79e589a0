// What a failed call to the console means for the person at the terminal.
import { type Change, changeSchema, type Mistake, mistakeSchema } from '@heddle/shared/api/index'
import { TRPCClientError } from '@trpc/client'
import { z } from 'zod'
import { AdviceError, messageOf } from '../terminal/advice.ts'

const heddleDataSchema = z.object({
  code: z.string(),
  mistakes: z.array(mistakeSchema).optional(),
  change: changeSchema.optional(),
})

/** An error that the console answered, with its code, so that a command can say more about it. */
export class ConsoleError extends AdviceError {
  readonly code: string
  readonly mistakes: readonly Mistake[]
  constructor(code: string, message: string, options: { advice?: string | undefined; mistakes?: readonly Mistake[] }) {
    super(message, options)
    this.name = 'ConsoleError'
    this.code = code
    this.mistakes = options.mistakes ?? []
  }
}

/** Nothing that can be understood came back from where the console should be. */
export class ConsoleAwayError extends AdviceError {}

export function adviceFor(error: unknown, url: string): AdviceError {
  if (!(error instanceof TRPCClientError)) return new AdviceError(messageOf(error), { cause: error })
  const data: unknown = error.data
  const heddle = heddleDataSchema.safeParse(
    typeof data === 'object' && data !== null && 'heddle' in data ? data.heddle : {},
  )
  if (heddle.success) {
    const { code, mistakes, change } = heddle.data
    return new ConsoleError(code, error.message, { advice: adviceOf(code, change), mistakes: mistakes ?? [] })
  }
  const cause = error.cause
  if (cause?.name === 'TimeoutError' || cause?.name === 'AbortError')
    return new ConsoleAwayError(`the console at ${url} did not answer in time.`, {
      advice: 'Look into its log, HEDDLE_HOME/logs/console.log.',
      cause: error,
    })
  if (cause instanceof SyntaxError || /JSON/.test(error.message))
    return new ConsoleAwayError(`what answers at ${url} is not a Heddle console.`, {
      advice: 'Check HEDDLE_URL.',
      cause: error,
    })
  return new ConsoleAwayError(`the console at ${url} does not answer: is "heddle up" running?`, {
    advice: 'Start it with "heddle up", or set HEDDLE_URL and HEDDLE_TOKEN to reach one elsewhere.',
    cause: error,
  })
}

function adviceOf(code: string, change: Change | undefined): string | undefined {
  switch (code) {
    case 'stale':
      return [
        ...(change === undefined ? [] : [describe(change)]),
        'Get the resource again, put your edit on top of it, and apply that; or leave out metadata.resourceVersion.',
      ].join('\n')
    case 'conflict':
      return change === undefined ? undefined : describe(change)
    case 'unauthorized':
      return 'The token is not valid (any more). Check HEDDLE_TOKEN; on the machine of "heddle up" restart that to get a new one.'
    case 'unavailable':
      return 'Nothing was changed. Try again; "heddle status" says what is missing.'
    default:
      return undefined
  }
}

const describe = ({ revision, actor, at, summary }: Change): string =>
  `Change ${revision} by ${actor}, ${new Date(at).toISOString()}: ${summary}`
