import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { consoleClient } from '../console/client.ts'
import { readEnvironment } from '../environment.ts'
import { type Home, homeAt } from '../home.ts'
import { claimUp } from '../up/upFile.ts'
import { status } from './observe.ts'

let home: Home
const servers: Server[] = []
beforeEach(() => {
  home = homeAt(mkdtempSync(join(tmpdir(), 'heddle-status-')))
})
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
  rmSync(home.directory, { recursive: true, force: true })
})

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A console that answers every call with this error code of ours. */
const refusing = (code: string) =>
  listen((_request, response) => {
    response.writeHead(503, { 'content-type': 'application/json' })
    const data = { code: 'INTERNAL_SERVER_ERROR', httpStatus: 503, heddle: { code } }
    response.end(JSON.stringify({ error: { json: { message: 'the database is away', code: -32_603, data } } }))
  })

/** A port on which nobody listens any more. */
async function nobody(): Promise<number> {
  const port = await listen(() => {})
  await new Promise((resolve) => servers.pop()?.close(resolve))
  return port
}

/** What `heddle status -o json` prints and its exit code, with an `up` that has its console and control plane there. */
async function ask(consolePort: number, controlAdminPort: number | null, isOwn = true) {
  const url = `http://127.0.0.1:${consolePort}`
  if (isOwn) claimUp(home, 0).publish({ consoleLocalUrl: url, controlAdminPort })
  const lines: string[] = []
  const terminal = { out: (line: string) => lines.push(line), note: () => {} }
  const client = consoleClient({ url, token: 'heddle_api_x' })
  const code = await status({ environment: readEnvironment({}), home, terminal, url, client }, true)
  return { code, answer: JSON.parse(lines.join('\n')) }
}

const DEGRADED = { configVersion: 0, control: { ready: false }, database: { ready: false }, proxies: [] }

// A monitor that asks while Postgres or the console is away gets the frozen form and exit code 2, not a sentence.
test('a console that is away is a degraded mesh', async () => {
  expect(await ask(await nobody(), null)).toEqual({ code: 2, answer: DEGRADED })
})

test('a console without its database is a degraded mesh, and the control plane speaks for itself', async () => {
  const control = await listen((request, response) => response.writeHead(request.url === '/ready' ? 200 : 404).end())
  expect(await ask(await refusing('unavailable'), control)).toEqual({
    code: 2,
    answer: { ...DEGRADED, control: { ready: true } },
  })
})

// Nobody to vouch for it: that a mesh runs at all is not known, or not to be told to this token.
test('without an up, and with a wrong token, it is an error', async () => {
  await expect(ask(await nobody(), null, false)).rejects.toThrow('does not answer')
  await expect(ask(await refusing('unauthorized'), null)).rejects.toMatchObject({ exitCode: 1 })
})

/** A console that knows these proxies, where everything else is well. */
const knowing = (states: readonly string[]) =>
  listen((_request, response) => {
    const proxies = states.map((state, i) => ({
      instance: `cart-v1-${i}`,
      service: 'cart',
      version: 'v1',
      connected: state === 'ready',
      ready: true,
      state,
      configVersion: 1,
      outbound: 1,
      inbound: 2,
      admin: 3,
      certificateExpiresAt: null,
    }))
    const json = { configVersion: 1, control: { ready: true }, database: { ready: true }, proxies }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ result: { data: { json } } }))
  })

// An instance that was killed days ago is listed as lapsed and alarms nobody any more; one that is away does.
test('only what went lately degrades the mesh', async () => {
  expect((await ask(await knowing(['ready', 'lapsed']), null)).code).toBe(0)
  rmSync(home.directory, { recursive: true, force: true })
  home = homeAt(mkdtempSync(join(tmpdir(), 'heddle-status-')))
  expect((await ask(await knowing(['ready', 'away']), null)).code).toBe(2)
})
