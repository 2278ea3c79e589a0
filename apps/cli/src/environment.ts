// The one place of the command that reads `process.env`: names, forms and defaults of what can be set there.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { usageError } from './terminal/advice.ts'

const url = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:/.test(text), 'must be an http:// or https:// URL')

const environmentSchema = z.object({
  /** State and logs. */
  HEDDLE_HOME: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
  /** The console that commands speak to. */
  HEDDLE_URL: url.optional(),
  HEDDLE_TOKEN: z.string().optional(),
  /** Control planes, https URLs, comma separated. */
  HEDDLE_CONTROL: z.string().optional(),
  HEDDLE_JOIN_TOKEN: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  CONSOLE_DATABASE_URL: z.string().optional(),
})

export interface Environment {
  home: string
  consoleUrl: string | undefined
  apiToken: string | undefined
  control: string | undefined
  joinToken: string | undefined
  databaseUrl: string | undefined
  consoleDatabaseUrl: string | undefined
  /** All of it, for children. */
  variables: Readonly<Record<string, string | undefined>>
}

/** Throws a usage error that lists every mistake at once. An empty variable counts as not set. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success)
    throw usageError(
      `the environment is not valid:\n${parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`).join('\n')}`,
    )
  const set = parsed.data
  return {
    home: set.HEDDLE_HOME ?? join(homedir(), '.heddle'),
    consoleUrl: set.HEDDLE_URL,
    apiToken: set.HEDDLE_TOKEN,
    control: set.HEDDLE_CONTROL,
    joinToken: set.HEDDLE_JOIN_TOKEN,
    databaseUrl: set.DATABASE_URL,
    consoleDatabaseUrl: set.CONSOLE_DATABASE_URL,
    variables,
  }
}
