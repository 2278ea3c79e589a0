// Settings over the API: invitations, sessions, the authority, what is kept; finding changes; and forged rights.
import { createApiToken } from '@heddle/db'
import { jsonTransformer } from '@heddle/shared/api/transformer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONSOLE_URL, createTestConsole, PASSWORD, signInAs, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
beforeAll(async () => {
  mesh = await createTestConsole()
})
afterAll(() => mesh[Symbol.asyncDispose]())

const own = { 'sec-fetch-site': 'same-origin', origin: CONSOLE_URL }
const call = (path: string, input: unknown, headers: Record<string, string>) =>
  mesh.post(path, jsonTransformer.serialize(input), { ...own, ...headers })

// An invitation is listed until it is used or withdrawn; withdrawn, its link is worth nothing.
test('invitations are listed and withdrawn', async () => {
  const { users } = mesh.as('admin', 'rita')
  const { link } = await users.create({ name: 'nora', role: 'operator' })
  const { invitations } = await users.invitations()
  expect(invitations).toMatchObject([{ name: 'nora', role: 'operator', createdBy: 'rita' }])
  expect(JSON.stringify(invitations)).not.toContain(new URL(link).searchParams.get('token'))
  await users.withdraw({ name: 'nora' })
  expect((await users.invitations()).invitations).toEqual([])
  const token = new URL(link).searchParams.get('token') ?? ''
  await expect(mesh.as(null).setup.complete({ token, password: PASSWORD })).rejects.toThrow('used already')
  await expect(users.withdraw({ name: 'nora' })).rejects.toThrow('no open invitation')
})

// A person sees and ends their own sessions only, and the one they ask from stays.
test('one can sign out everywhere else', async () => {
  const [olga, vera] = [await mesh.cookieOf('operator', 'olga'), await mesh.cookieOf('viewer', 'vera')]
  const again = (await signInAs(mesh.console, 'olga', PASSWORD)).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const list = await (await call('session.list', undefined, { cookie: olga })).text()
  expect(list.match(/"isThis":true/g)).toHaveLength(1)
  expect(list.match(/"isThis":false/g)).toHaveLength(1)
  expect(await (await call('session.endOthers', undefined, { cookie: olga })).text()).toContain('"ended":1')
  const status = async (cookie: string) => (await call('proxies.list', undefined, { cookie })).status
  expect([await status(olga), await status(again), await status(vera)]).toEqual([200, 401, 200])
})

// A role is read from the database alone: nothing that a request says about it counts.
test('a forged role has no effect', async () => {
  const cookie = await mesh.cookieOf('viewer', 'vito')
  const forged = { cookie: `${cookie}; heddle.role=admin; role=admin`, 'x-role': 'admin', 'x-heddle-role': 'admin' }
  const input = { name: 'eve', role: 'admin', actor: { role: 'admin' }, user: { role: 'admin' } }
  for (const path of ['users.create', 'users.setRole', 'joinTokens.create'])
    expect((await call(path, input, forged)).status).toBe(403)
  expect((await call('users.list', undefined, forged)).status).toBe(403)
  const broken = `${cookie.slice(0, -6)}AAAAAA`
  expect((await call('users.list', undefined, { cookie: broken })).status).toBe(401)
  const { token } = await createApiToken(mesh.console.db, { name: 'ci', role: 'viewer', ttlMs: null, actor: 'rita' })
  expect((await call('users.list', undefined, { authorization: `Bearer ${token}`, ...forged })).status).toBe(403)
})

// What one may not see answers the same whether it is there or not.
test('ids of others are not leaked', async () => {
  const cookie = await mesh.cookieOf('operator', 'otto')
  const { id } = await createApiToken(mesh.console.db, { name: 'deploy', role: 'admin', ttlMs: null, actor: 'rita' })
  const ask = async (path: string, input: unknown) => {
    const text = await (await call(path, input, { cookie })).text()
    return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'REQUEST')
  }
  expect(await ask('apiTokens.revoke', { id })).toBe(await ask('apiTokens.revoke', { id: 'nothing' }))
  expect(await ask('users.reset', { name: 'otto' })).toBe(await ask('users.reset', { name: 'nobody' }))
})

// Names that would run, turn the text or fill the page are refused with a sentence, or kept as they are.
test.each(['<script>alert(1)</script>', 'ana\u202egnp', 'x'.repeat(500), '🧵🧵', '../ana', ''])(
  'the hostile name %j is refused',
  async (name) => {
    await expect(mesh.as('admin').users.create({ name, role: 'viewer' })).rejects.toThrow(/a name (is|has)/)
    await expect(mesh.as('admin').joinTokens.create({ service: name })).rejects.toThrow()
  },
)

// Changes are found on the server, over the whole history: by what they are about, by whom and by words.
test('changes are found', async () => {
  const admin = mesh.as('admin', 'rita')
  const resource = (kind: string, name: string, spec: unknown) => ({
    apiVersion: 'heddle.dev/v1',
    kind,
    metadata: { name },
    spec,
  })
  await admin.config.put({ documents: [resource('Service', 'catalog', {})] })
  await mesh.as('operator', 'olga').config.put({
    documents: [
      resource('AccessRule', 'readers', {
        target: { service: 'catalog' },
        action: 'Allow',
        mode: 'audit',
        from: [{ any: 'authenticated' }],
      }),
    ],
  })
  await admin.config.put({ documents: [resource('MeshSettings', 'mesh', { defaultAccess: 'deny' })] })
  const find = async (query: Parameters<typeof admin.changes.list>[0]) =>
    (await admin.changes.list(query)).changes.map(({ summary }) => summary.split(' ').slice(0, 2).join(' '))
  expect(await find({ about: 'access' })).toEqual(['AccessRule readers'])
  expect(await find({ about: 'mesh' })).toEqual(['MeshSettings mesh'])
  expect(await find({ about: 'services' })).toEqual(['Service catalog'])
  expect(await find({ actor: 'olga' })).toEqual(['AccessRule readers'])
  expect(await find({ search: 'READERS accessrule' })).toEqual(['AccessRule readers'])
  // What Postgres would read as "anything" is a character like any other.
  expect(await find({ search: '%' })).toEqual([])
  expect((await admin.changes.actors()).actors).toEqual(expect.arrayContaining(['olga', 'rita']))
})

// Everybody may see what is kept; no key and no secret is part of it.
test('the authority and what is kept', async () => {
  const viewer = mesh.as('viewer')
  expect(await viewer.settings.authority()).toMatchObject({
    certificates: [],
    leafTtlMs: 86_400_000,
    firstToExpire: null,
  })
  const { kept, databaseBytes } = await viewer.settings.retention()
  expect(databaseBytes).toBeGreaterThan(1_000_000)
  expect(kept.map(({ what }) => what)).toContain('Numbers every minute')
})
