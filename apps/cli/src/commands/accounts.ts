// token, api-token, user: who and what may come in.
import { parseDurationMs, ROLES, type Role, serviceNameSchema } from '@heddle/shared'
import { ConsoleError } from '../console/errors.ts'
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

/** Throws a usage error that says which roles there are. */
export function readRole(text: string): Role {
  const role = ROLES.find((known) => known === text)
  if (role !== undefined) return role
  throw usageError(`unknown role "${text}"`, didYouMean(text, ROLES) ?? `There are ${ROLES.join(', ')}.`)
}

export async function createApiToken(
  { client, terminal }: Context,
  name: string,
  options: { role: Role; ttlMs: number | null },
  isJson: boolean,
): Promise<void> {
  const created = await client.call('apiTokens.create', { name, ...options })
  if (isJson) return terminal.out(formatJson(created))
  terminal.out(created.token)
  const until = created.expiresAt === null ? 'until it is revoked' : `until ${created.expiresAt}`
  terminal.note(`lets ${name} in as ${options.role}, with HEDDLE_TOKEN, ${until}; shown only now`)
}

export async function listApiTokens({ client, terminal }: Context, isJson: boolean): Promise<void> {
  const output = await client.call('apiTokens.list')
  if (isJson) return terminal.out(formatJson(output))
  if (output.tokens.length === 0) return terminal.out('There is no API token.')
  terminal.out(
    formatTable(
      ['ID', 'NAME', 'ROLE', 'LAST USED', 'EXPIRES', 'BY', 'STATE'],
      output.tokens.map(({ id, name, role, lastUsedAt, expiresAt, createdBy, revoked }) => [
        id,
        name,
        role,
        lastUsedAt ?? 'never',
        expiresAt ?? 'never',
        createdBy,
        revoked ? 'revoked' : expiresAt !== null && Date.parse(expiresAt) < Date.now() ? 'expired' : 'valid',
      ]),
    ),
  )
}

export async function revokeApiToken({ client, terminal }: Context, id: string): Promise<void> {
  await client.call('apiTokens.revoke', { id })
  terminal.out(`API token ${id} revoked`)
}

export async function setUserRole({ client, terminal }: Context, name: string, role: Role): Promise<void> {
  await client.call('users.setRole', { name, role })
  terminal.out(`${name} is ${role}`)
}

export async function removeUser({ client, terminal }: Context, name: string): Promise<void> {
  try {
    await client.call('users.remove', { name })
    terminal.out(`user ${name} removed`)
  } catch (error) {
    if (!(error instanceof ConsoleError && error.code === 'not_found')) throw error
    // Somebody who was only invited is no user yet. That there is neither is told of the user.
    const { invitations } = await client.call('users.invitations')
    if (!invitations.some((one) => one.name === name)) throw error
    await client.call('users.withdraw', { name })
    terminal.out(`invitation of ${name} withdrawn`)
  }
}

/** Whoever was invited is in the list too: who looks for a colleague wants to know that the link was not used yet. */
export async function listUsers({ client, terminal }: Context, isJson: boolean): Promise<void> {
  const [{ users }, { invitations }] = await Promise.all([client.call('users.list'), client.call('users.invitations')])
  const all = [
    ...users.map((user) => ({ ...user, state: 'active', expiresAt: null })),
    ...invitations.map((one) => ({
      name: one.name,
      role: one.role,
      createdAt: null,
      state: 'invited',
      expiresAt: one.expiresAt,
    })),
  ]
  if (isJson) return terminal.out(formatJson({ users: all }))
  if (all.length === 0) return terminal.out('There is no user yet: "heddle up" printed a link for the first admin.')
  terminal.out(
    formatTable(
      ['NAME', 'ROLE', 'STATE', 'SINCE'],
      all.map(({ name, role, createdAt, expiresAt }) => [
        name,
        role,
        expiresAt === null ? 'active' : `invited, no password yet; the link ends ${expiresAt}`,
        createdAt ?? '-',
      ]),
    ),
  )
}

export async function createUser({ client, terminal }: Context, name: string, role: Role): Promise<void> {
  const { link, expiresAt } = await client.call('users.create', { name, role })
  terminal.out(link)
  terminal.note(`lets ${name} choose a password; works once, until ${expiresAt}`)
}

export async function resetUser({ client, terminal }: Context, name: string): Promise<void> {
  const { link, expiresAt } = await client.call('users.reset', { name })
  terminal.out(link)
  terminal.note(`lets ${name} choose a new password; works once, until ${expiresAt}`)
}
