// token, user: who and what may come in.
import { parseDurationMs, ROLES, serviceNameSchema } from '@heddle/shared'
import { usageError } from '../terminal/advice.ts'
import { didYouMean } from '../terminal/didYouMean.ts'
import { formatJson, formatTable } from '../terminal/print.ts'
import type { Context } from './context.ts'

const DAY_MS = 24 * 3_600_000

/** A duration option, with days on top of the Gateway API's units: `30m`, `24h`, `7d`. */
export function readDuration(text: string, option: string): number {
  const days = /^(\d{1,4})d$/.exec(text)?.[1]
  const ms = days === undefined ? parseDurationMs(text) : Number(days) * DAY_MS
  if (ms !== undefined && ms > 0) return ms
  throw usageError(`${option} ${text}: must be a duration such as "30m", "24h" or "7d"`)
}

export interface TokenCreateOptions {
  service: string
  uses: string
  ttl: string
}

export async function createToken(
  { client, terminal }: Context,
  options: TokenCreateOptions,
  isJson: boolean,
): Promise<void> {
  const service = serviceNameSchema.safeParse(options.service)
  if (!service.success) throw usageError(`--service ${service.error.issues[0]?.message}`)
  const uses = /^\d{1,6}$/.test(options.uses) ? Number(options.uses) : 0
  if (uses < 1 || uses > 100_000) throw usageError('--uses must be a number from 1 to 100000')
  const ttlMs = readDuration(options.ttl, '--ttl')
  const created = await client.call('joinTokens.create', { service: service.data, uses, ttlMs })
  if (isJson) return terminal.out(formatJson(created))
  terminal.out(created.token)
  terminal.note(
    `joins ${uses === 1 ? 'one instance' : `${uses} instances`} of ${service.data} until ${created.expiresAt}; shown only now`,
  )
}

export async function listTokens({ client, terminal }: Context, isJson: boolean): Promise<void> {
  const output = await client.call('joinTokens.list')
  if (isJson) return terminal.out(formatJson(output))
  if (output.tokens.length === 0) return terminal.out('There is no join token.')
  terminal.out(
    formatTable(
      ['ID', 'SERVICE', 'USED', 'EXPIRES', 'BY', 'STATE'],
      output.tokens.map(({ id, service, used, uses, expiresAt, createdBy, revoked }) => [
        id,
        service,
        `${used} of ${uses}`,
        expiresAt,
        createdBy,
        revoked ? 'revoked' : Date.parse(expiresAt) < Date.now() ? 'expired' : used >= uses ? 'used' : 'valid',
      ]),
    ),
  )
}

export async function revokeToken({ client, terminal }: Context, id: string): Promise<void> {
  await client.call('joinTokens.revoke', { id })
  terminal.out(`token ${id} revoked`)
}

export async function listUsers({ client, terminal }: Context, isJson: boolean): Promise<void> {
  const output = await client.call('users.list')
  if (isJson) return terminal.out(formatJson(output))
  if (output.users.length === 0)
    return terminal.out('There is no user yet: "heddle up" printed a link for the first admin.')
  terminal.out(
    formatTable(
      ['NAME', 'ROLE', 'SINCE'],
      output.users.map(({ name, role, createdAt }) => [name, role, createdAt]),
    ),
  )
}

export async function createUser({ client, terminal }: Context, name: string, role: string): Promise<void> {
  if (!ROLES.some((known) => known === role))
    throw usageError(`unknown role "${role}"`, didYouMean(role, ROLES) ?? `There are ${ROLES.join(', ')}.`)
  const { link, expiresAt } = await client.call('users.create', { name, role })
  terminal.out(link)
  terminal.note(`lets ${name} choose a password; works once, until ${expiresAt}`)
}

export async function resetUser({ client, terminal }: Context, name: string): Promise<void> {
  const { link, expiresAt } = await client.call('users.reset', { name })
  terminal.out(link)
  terminal.note(`lets ${name} choose a new password; works once, until ${expiresAt}`)
}
