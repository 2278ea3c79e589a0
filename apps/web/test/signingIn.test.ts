// Getting in: one-time links, passwords, sessions, tokens; and what does not get in.
import { createApiToken, createSetupToken, revokeApiToken } from '@heddle/db'
import { jsonTransformer } from '@heddle/shared/api/transformer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { signOut } from '../src/auth/signIn.ts'
import { CONSOLE_URL, createTestConsole, PASSWORD, signInAs, type TestConsole } from './testConsole.ts'

let mesh: TestConsole
beforeAll(async () => {
  mesh = await createTestConsole()
})
afterAll(() => mesh[Symbol.asyncDispose]())

const own = { 'sec-fetch-site': 'same-origin', origin: CONSOLE_URL }
const answerSchema = z.object({
  result: z.object({ data: z.unknown() }).optional(),
  error: z
    .object({
      json: z.object({
        message: z.string(),
        data: z.object({ heddle: z.object({ code: z.string(), requestId: z.string() }) }),
      }),
    })
    .optional(),
})
/** Status, data, and the code and message of a refusal. */
async function read(response: Response) {
  const { result, error } = answerSchema.parse(await response.json())
  const data =
    result === undefined ? undefined : jsonTransformer.deserialize(z.object({ json: z.any() }).parse(result.data))
  return { status: response.status, data, code: error?.json.data.heddle.code, message: error?.json.message }
}
const call = async (path: string, input: unknown, headers: Record<string, string>) =>
  read(await mesh.post(path, jsonTransformer.serialize(input), headers))

const link = (grant: Partial<Parameters<typeof createSetupToken>[1]> = {}) =>
  createSetupToken(mesh.console.db, {
    purpose: 'first_admin',
    userName: null,
    role: 'admin',
    ttlMs: 60_000,
    actor: 'a test',
    ...grant,
  })

// The link that `up` prints makes the first admin, exactly once, also when two people follow it at the same time.
test('a first-admin link works once', async () => {
  const nobody = mesh.as(null)
  expect(await nobody.setup.state({})).toMatchObject({ state: 'needs_link' })
  const { token } = await link()
  expect(await nobody.setup.state({ token })).toEqual({ state: 'first_admin' })
  const attempts = await Promise.allSettled(
    ['ana', 'ben'].map((name) => nobody.setup.complete({ token, name, password: PASSWORD })),
  )
  const made = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value.name] : []))
  expect(made).toHaveLength(1)
  await expect(nobody.setup.complete({ token, name: 'cleo', password: PASSWORD })).rejects.toThrow('used already')
  expect(await nobody.setup.state({ token })).toMatchObject({ state: 'done' })
  // A second link of this kind is worth nothing once there is an admin.
  const second = await link()
  await expect(nobody.setup.complete({ token: second.token, name: 'cleo', password: PASSWORD })).rejects.toThrow(
    'There is an admin already',
  )
  const answer = await signInAs(mesh.console, made[0] ?? '', PASSWORD)
  expect(answer.status).toBe(200)
  const cookie = answer.headers.getSetCookie()[0] ?? ''
  expect(cookie).toMatch(/^heddle\.session_token=.*HttpOnly/i)
  expect(cookie).toMatch(/SameSite=Lax/i)
  expect(await answer.text()).toBe('{}')
  const me = await call('session.me', undefined, { ...own, cookie: cookie.split(';')[0] ?? '' })
  expect(me.data).toMatchObject({
    user: { name: made[0], role: 'admin' },
    permissions: { 'user.write': { allowed: true } },
  })
})

test('an invalid or guessed link is refused, and so is a weak password', async () => {
  const nobody = mesh.as(null)
  const guess = 'x'.repeat(43)
  await expect(nobody.setup.complete({ token: guess, name: 'eve', password: PASSWORD })).rejects.toThrow('used already')
  const { token } = await link({ purpose: 'invitation', userName: 'eve', role: 'viewer' })
  await expect(nobody.setup.complete({ token, password: 'short' })).rejects.toThrow('at least 10 characters')
  expect(await nobody.setup.complete({ token, password: PASSWORD })).toEqual({ name: 'eve' })
  const { token: late } = await link({ purpose: 'password_reset', userName: 'eve', role: null, ttlMs: -1 })
  await expect(nobody.setup.complete({ token: late, password: PASSWORD })).rejects.toThrow('expired')
})

// Whoever resets a password throws everybody else out.
test('a password link sets the password and ends all sessions', async () => {
  const cookie = await mesh.cookieOf('operator', 'olga')
  expect((await call('services.list', { range: { lastMs: 60_000 } }, { ...own, cookie })).status).toBe(200)
  const reset = await mesh.as('admin').users.reset({ name: 'olga' })
  const token = new URL(reset.link).searchParams.get('token') ?? ''
  expect(await mesh.as(null).setup.state({ token })).toEqual({ state: 'password', name: 'olga' })
  await mesh.as(null).setup.complete({ token, password: 'another long password' })
  expect(await call('services.list', { range: { lastMs: 60_000 } }, { ...own, cookie })).toMatchObject({
    status: 401,
    code: 'unauthorized',
  })
  expect((await signInAs(mesh.console, 'olga', PASSWORD)).status).toBe(401)
  expect((await signInAs(mesh.console, 'Olga', 'another long password')).status).toBe(200)
})

// A link lets in whoever holds it: the history says who made each, for whom, and whose link it was that was used.
test('links are audited when they are made and when they are used', async () => {
  const users = mesh.as('admin', 'rita').users
  const use = async ({ link: href }: { link: string }) => {
    const token = new URL(href).searchParams.get('token') ?? ''
    await mesh.as(null).setup.complete({ token, password: PASSWORD })
  }
  await use(await users.create({ name: 'mallory', role: 'admin' }))
  await use(await users.reset({ name: 'mallory' }))
  const { changes } = await mesh.as('viewer').changes.list({ limit: 4 })
  expect(changes.map(({ actor, kind, summary }) => [actor, kind, summary])).toEqual([
    ['mallory', 'user', 'User mallory set a new password, by a link that rita made'],
    ['rita', 'user', 'Made a password link for mallory'],
    ['mallory', 'user', 'User mallory (admin) accepted an invitation, by a link that rita made'],
    ['rita', 'user', 'Invited mallory as admin'],
  ])
})

test('signing out ends the session on the server', async () => {
  const cookie = await mesh.cookieOf('viewer', 'vera')
  const request = new Request(`${CONSOLE_URL}/api/auth/sign-out`, { method: 'POST', headers: { ...own, cookie } })
  expect((await signOut(mesh.console, request)).status).toBe(200)
  expect((await call('session.me', undefined, { ...own, cookie })).data).toMatchObject({ user: null })
})

// A role that was taken away is gone with the next request.
test('roles are read anew for each request', async () => {
  const cookie = await mesh.cookieOf('operator', 'oleg')
  await mesh.console.db.pool.query(`UPDATE "user" SET role = 'viewer' WHERE name = 'oleg'`)
  const revert = await call('changes.revert', { revision: 1 }, { ...own, cookie })
  expect(revert).toMatchObject({ status: 403, code: 'forbidden' })
  await mesh.console.db.pool.query(`UPDATE "user" SET banned = true WHERE name = 'oleg'`)
  expect((await call('session.me', undefined, { ...own, cookie })).data).toMatchObject({ user: null })
})

// An unknown name and a wrong password look the same, and wrong tries of others keep nobody out.
test('wrong passwords tell nothing and lock nobody out', async () => {
  await mesh.cookieOf('viewer', 'vito')
  const wrong = await Promise.all([
    signInAs(mesh.console, 'vito', 'wrong password'),
    signInAs(mesh.console, 'nobody', 'wrong password'),
  ])
  const texts = await Promise.all(wrong.map((answer) => answer.text()))
  expect(wrong.map(({ status }) => status)).toEqual([401, 401])
  expect(texts[0]).toBe(texts[1])
  for (let tries = 0; tries < 5; tries++) await signInAs(mesh.console, 'vito', 'wrong password')
  expect((await signInAs(mesh.console, 'vito', PASSWORD)).status).toBe(200)
})

// A cookie that another site makes a browser send changes nothing; a token is never sent by accident.
test('cross-site requests cannot change anything', async () => {
  const cookie = await mesh.cookieOf('admin', 'adam')
  const input = { service: 'catalog' }
  for (const headers of [
    { cookie },
    { cookie, origin: 'https://evil.example' },
    { cookie, 'sec-fetch-site': 'cross-site', origin: CONSOLE_URL },
    { cookie, 'sec-fetch-site': 'same-site', origin: CONSOLE_URL },
    { cookie, 'sec-fetch-site': 'none' },
  ]) {
    expect(await call('joinTokens.create', input, headers)).toMatchObject({ status: 403, code: 'forbidden' })
  }
  const fromOutside = new Request(`${CONSOLE_URL}/api/auth/sign-out`, { method: 'POST', headers: { cookie } })
  expect((await signOut(mesh.console, fromOutside)).status).toBe(403)
  const { id, token } = await createApiToken(mesh.console.db, {
    name: 'ci',
    role: 'operator',
    ttlMs: null,
    actor: 'adam',
  })
  const bearer = { authorization: `Bearer ${token}` }
  expect((await call('session.me', undefined, bearer)).data).toMatchObject({ user: { name: 'ci', role: 'operator' } })
  expect(await call('changes.revert', { revision: 999_999 }, bearer)).toMatchObject({ status: 404, code: 'not_found' })
  await revokeApiToken(mesh.console.db, { id, actor: 'adam' })
  // A token that is wrong is not made good by a cookie beside it.
  expect(await call('services.list', { range: { lastMs: 60_000 } }, { ...bearer, ...own, cookie })).toMatchObject({
    status: 401,
  })
})

// Bodies, batches and methods that no client of ours sends are refused before they cost anything.
test('hostile requests are refused cheaply and in words', async () => {
  const batch = Array.from({ length: 1_000 }, () => 'session.me').join(',')
  const many = await mesh.post(`${batch}?batch=1`, {}, own)
  expect(many.status).toBe(400)
  const form = new Request(`${CONSOLE_URL}/api/trpc/session.me`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{}',
  })
  const { handleTrpc } = await import('../src/server/request/trpcHandler.ts')
  expect((await handleTrpc(mesh.console, form)).status).toBe(415)
  expect((await mesh.post('config.put', `"${'x'.repeat(5 * 1024 * 1024)}"`, own)).status).toBe(413)
  const cookie = await mesh.cookieOf('admin', 'alma')
  expect((await mesh.post('config.put', '{not json', { ...own, cookie })).status).toBe(400)
  const byGet = new Request(
    `${CONSOLE_URL}/api/trpc/joinTokens.create?input=${encodeURIComponent('{"json":{"service":"x"}}')}`,
  )
  expect((await handleTrpc(mesh.console, byGet)).status).toBe(405)
  expect(await call('constructor.prototype', {}, own)).toMatchObject({ status: 404, code: 'not_found' })
})

// Developer tools and the bench read the server's own time from an answer. It names what was asked and tells durations,
// nothing else, and a stranger, whom a duration might tell how far a guess has come, gets none.
test('answers to those who are signed in tell how long each procedure took', async () => {
  const cookie = await mesh.cookieOf('viewer', 'timothea')
  const batch = 'session.me,services.list?batch=1'
  const input = { 1: jsonTransformer.serialize({ range: { lastMs: 60_000 } }) }
  const answer = await mesh.post(batch, input, { ...own, cookie })
  expect(answer.status).toBe(200)
  const entries = (answer.headers.get('server-timing') ?? '').split(', ')
  const times = new Map(entries.map((entry) => [entry.replace(/;dur=\d+\.\d$/, ''), Number(entry.split('=')[1])]))
  expect([...times.keys()].toSorted()).toEqual(['services.list', 'session.me', 'total'])
  expect(times.get('total')).toBeGreaterThanOrEqual(times.get('services.list') ?? Number.NaN)
  expect((await mesh.post(batch, input, own)).headers.get('server-timing')).toBeNull()
  const guess = { authorization: `Bearer heddle_api_${'x'.repeat(43)}` }
  expect((await mesh.post('session.me', {}, guess)).headers.get('server-timing')).toBeNull()
})

// What the table does not know is hidden from the client and logged in full.
test('unknown errors show a request id and nothing else', async () => {
  const cookie = await mesh.cookieOf('viewer', 'vlad')
  await mesh.console.db.pool.query('ALTER TABLE change RENAME TO change_away')
  try {
    const answer = await call('changes.list', { limit: 5 }, { ...own, cookie })
    expect(answer).toMatchObject({ status: 500, code: 'internal' })
    expect(answer.message).toMatch(
      /^Something went wrong in the console\. Its log has the details under request [0-9a-f-]{36}\.$/,
    )
    expect(JSON.stringify(mesh.logged)).toContain('changes.list')
  } finally {
    await mesh.console.db.pool.query('ALTER TABLE change_away RENAME TO change')
  }
})
