// Accounts and API tokens through their procedures: what an admin gives and takes away, and what stays.
import { jsonTransformer } from '@heddle/shared/api/transformer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { CONSOLE_URL, createTestConsole, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
beforeAll(async () => {
  mesh = await createTestConsole()
})
afterAll(() => mesh[Symbol.asyncDispose]())

const own = { 'sec-fetch-site': 'same-origin', origin: CONSOLE_URL }
const statusOf = async (path: string, input: unknown, headers: Record<string, string>) =>
  (await mesh.post(path, jsonTransformer.serialize(input), headers)).status
const newest = async () => {
  const { changes } = await mesh.as('viewer').changes.list({ limit: 1 })
  return changes.map(({ actor, kind, summary }) => ({ actor, kind, summary }))[0]
}
const range = { lastMs: 60_000 }

// A role that is changed and an account that is taken away end every session of that person at once, and the history
// says who did it.
test('a changed role and a removed account end sessions', async () => {
  const ana = mesh.as('admin', 'ana')
  const [olga, oleg] = [await mesh.cookieOf('operator', 'olga'), await mesh.cookieOf('operator', 'oleg')]
  expect(await statusOf('services.list', { range }, { ...own, cookie: olga })).toBe(200)
  await ana.users.setRole({ name: 'olga', role: 'viewer' })
  expect(await newest()).toEqual({ actor: 'ana', kind: 'user', summary: 'User olga made viewer, was operator' })
  expect(await statusOf('services.list', { range }, { ...own, cookie: olga })).toBe(401)
  const { link } = await ana.users.reset({ name: 'oleg' })
  await ana.users.remove({ name: 'oleg' })
  expect(await newest()).toEqual({ actor: 'ana', kind: 'user', summary: 'User oleg (operator) removed' })
  expect(await statusOf('services.list', { range }, { ...own, cookie: oleg })).toBe(401)
  const token = new URL(link).searchParams.get('token') ?? ''
  await expect(mesh.as(null).setup.complete({ token, password: 'a long password' })).rejects.toThrow('used already')
  await expect(ana.users.remove({ name: 'oleg' })).rejects.toThrow('There is no user oleg.')
  expect((await ana.users.list()).users.map(({ name, role }) => [name, role])).toEqual([['olga', 'viewer']])
})

// A mesh without an admin could be mended by nobody: also of two admins who remove each other at once, one stays.
test('the last admin stays', async () => {
  await Promise.all([mesh.cookieOf('admin', 'adam'), mesh.cookieOf('admin', 'alma')])
  const results = await Promise.allSettled([
    mesh.as('admin', 'adam').users.remove({ name: 'alma' }),
    mesh.as('admin', 'alma').users.setRole({ name: 'adam', role: 'viewer' }),
  ])
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const left = (await mesh.as('admin').users.list()).users.filter(({ role }) => role === 'admin')
  expect(left).toHaveLength(1)
  const name = left[0]?.name ?? ''
  const message = `${name} is the only admin. Make somebody else an admin first.`
  await expect(mesh.as('admin').users.setRole({ name, role: 'operator' })).rejects.toThrow(message)
  await expect(mesh.as('admin').users.remove({ name })).rejects.toThrow(message)
  await mesh.as('admin').users.setRole({ name, role: 'admin' })
})

// The text of a token is in the one answer that makes it; it works with its role until it is revoked.
test('API tokens are made, listed and revoked', async () => {
  const tokens = mesh.as('admin', 'ana').apiTokens
  const made = await tokens.create({ name: 'deploy', role: 'viewer', ttlMs: 3_600_000 })
  expect(await newest()).toEqual({ actor: 'ana', kind: 'token', summary: 'API token "deploy" (viewer) created' })
  const bearer = { authorization: `Bearer ${made.token}` }
  expect(await statusOf('services.list', { range }, bearer)).toBe(200)
  expect(await statusOf('changes.revert', { revision: 1 }, bearer)).toBe(403)
  const list = await tokens.list()
  expect(list.tokens).toMatchObject([
    { id: made.id, name: 'deploy', role: 'viewer', createdBy: 'ana', expiresAt: made.expiresAt, revoked: false },
  ])
  expect(z.iso.datetime().parse(list.tokens[0]?.lastUsedAt)).toBeTruthy()
  expect(JSON.stringify(list)).not.toContain(made.token)
  await tokens.revoke({ id: made.id })
  expect(await newest()).toEqual({ actor: 'ana', kind: 'token', summary: 'API token "deploy" (viewer) revoked' })
  expect(await statusOf('services.list', { range }, bearer)).toBe(401)
  await expect(tokens.revoke({ id: 'none' })).rejects.toThrow('There is no API token')
  // In the history a token would be taken for the person.
  await expect(tokens.create({ name: 'Olga', role: 'viewer' })).rejects.toThrow('There is a user Olga')
})
