// The proxy environment with Node versions that ignore it: what CMD's own Node does, with and without the preload.
import { execFile, execFileSync } from 'node:child_process'
import { readdirSync, realpathSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandEnvironment } from '../src/run/commandEnvironment.ts'

const run = promisify(execFile)
const folder = import.meta.dirname

/** The running Node and every other that PATH offers (the system's), each version once. */
function nodesHere(): [string, string][] {
  const found = new Map([[process.versions.node, process.execPath]])
  for (const directory of process.env.PATH?.split(delimiter) ?? [])
    try {
      if (!readdirSync(directory).includes('node')) continue
      const path = realpathSync(join(directory, 'node'))
      found.set(execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim(), path)
    } catch {}
  return [...found]
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

/** Answers as a forward proxy what it was asked for, through a tunnel too: Node 24's fetch makes one even for http. */
const proxy = createServer((request, response) => {
  if (request.url?.endsWith('/redirect')) {
    response.writeHead(302, { location: '/landed' }).end()
    return
  }
  response.end(`${request.method} ${request.url?.replace(/^http:\/\/[^/]+/, '')} for ${request.headers.host}`)
})
proxy.on('connect', (_request, socket) => {
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  proxy.emit('connection', socket)
})
const neighbour = createServer((request, response) => response.end(`direct ${request.url}`))
let proxyPort: number
let neighbourPort: number
beforeAll(async () => {
  proxyPort = await listen(proxy)
  neighbourPort = await listen(neighbour)
})
afterAll(() => {
  for (const server of [proxy, neighbour]) {
    server.close()
    server.closeAllConnections()
  }
})

const EXPECTED = {
  fetch: 'GET /fetch?x=1 for catalog',
  fetchRequest: 'GET /request for catalog',
  fetchPost: 'POST /post for catalog:8080',
  fetchRedirect: 'GET /landed for catalog',
  get: 'GET /get for catalog',
  namedGet: 'GET /named for catalog',
  request: 'PUT /options for catalog',
  requestPair: 'GET /pair for catalog',
  keepAlive: 'GET /agent for catalog',
  direct: 'direct /direct',
  fetchDirect: 'direct /direct',
}

// Whatever Node an application runs on, its plain calls reach the proxy, and those to the machine itself do not.
test.each(nodesHere())('Node %s sends plain calls to the proxy', async (_version, node) => {
  const env = commandEnvironment(
    { PATH: process.env.PATH },
    {
      service: 'probe',
      version: 'v1',
      instance: 'probe-v1-1',
      outboundPort: proxyPort,
      adminPort: 1,
      appPort: null,
      compileCacheDirectory: '/nowhere',
      preload: join(folder, '..', 'preload', 'envProxy.cjs'),
    },
  )
  const { stdout } = await run(node, [join(folder, 'envProxyClient.mjs'), `http://127.0.0.1:${neighbourPort}`], { env })
  expect(JSON.parse(stdout)).toEqual(EXPECTED)
})
