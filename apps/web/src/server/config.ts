// The console's environment, checked as a whole: every mistake is said at once, and then the process ends.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

export interface ConsoleConfig {
  databaseUrl: string
  /** HEDDLE_HOME: secrets and the console's own identity lie below it. */
  home: string
  /** Origin under which browsers reach the console. */
  url: string
  /** Base URLs of control planes (https); those in the database are added. */
  controls: readonly string[]
}

const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
const origin = z
  .url({ protocol: /^https?$/, message: 'must be an origin such as http://localhost:3000' })
  .transform((url) => new URL(url).origin)

const environmentSchema = z.object({
  CONSOLE_DATABASE_URL: z.url({
    protocol: /^postgres(?:ql)?$/,
    message: 'must be a URL such as postgresql://heddle_console:…@127.0.0.1:5432/heddle',
  }),
  HEDDLE_HOME: z.string().min(1).default(join(homedir(), '.heddle')),
  HEDDLE_CONSOLE_URL: origin.default('http://localhost:3000'),
  HEDDLE_CONTROL: list.pipe(z.array(z.url({ protocol: /^https$/, message: 'must be https URLs, comma between' }))),
})

export class ConfigError extends Error {
  constructor(mistakes: readonly string[]) {
    super(`The console cannot start:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** @throws ConfigError with every mistake. */
export function readConfig(environment: NodeJS.ProcessEnv): ConsoleConfig {
  const parsed = environmentSchema.safeParse(environment)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(describeIssue))
  const { CONSOLE_DATABASE_URL, HEDDLE_HOME, HEDDLE_CONSOLE_URL, HEDDLE_CONTROL } = parsed.data
  return { databaseUrl: CONSOLE_DATABASE_URL, home: HEDDLE_HOME, url: HEDDLE_CONSOLE_URL, controls: HEDDLE_CONTROL }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const name = String(issue.path[0] ?? '')
  return `${name}: ${issue.code === 'invalid_type' ? 'is not set' : issue.message}`
}
