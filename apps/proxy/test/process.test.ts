import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { inboundDocument, meshDocument } from './documents.ts'
import { type Conversation, type FakeControl, startFakeControl } from './fakeControl.ts'
import { environmentOf, ProxyChild } from './proxyChild.ts'
import { newHome } from './startProxies.ts'

/** It goes with the test. */
function spawnProxy(...how: ConstructorParameters<typeof ProxyChild>): ProxyChild {
  const child = new ProxyChild(...how)
  onTestFinished(() => child[Symbol.asyncDispose]())
  return child
}

async function configure(control: FakeControl): Promise<Conversation> {
  const conversation = await control.connection()
  await conversation.next('hello')
  const documents = [meshDocument([control.authority.root]), inboundDocument('catalog')]
  conversation.send({ type: 'snapshot', epoch: 1, revision: 1, documents })
  return conversation
}

// The whole life beside an app: a token asked for, ready with its ports, drained when told, gone when told, with 0.
test('lives as its parent tells it', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const child = spawnProxy(environmentOf(home, control))
  expect(await child.next('need_token')).toMatchObject({ service: 'catalog' })
  child.send({ type: 'token', token: control.token })
  const conversation = await configure(control)
  expect(await child.next('ready')).toMatchObject({
    instance: expect.stringMatching(/^catalog-v1-1-[a-z]{4}$/),
    ports: { inbound: null, public: null, outbound: expect.any(Number), admin: expect.any(Number) },
  })
  child.send({ type: 'drain' })
  await conversation.next('withdraw')
  await child.next('drained')
  expect(child.process.exitCode).toBeNull()
  child.send({ type: 'stop' })
  expect(await child.exited).toBe(0)
})

// No token to be had: the parent hears why, with the exit code.
test('fails with its parent’s reason where there is no token', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const child = spawnProxy(environmentOf(home, control))
  await child.next('need_token')
  child.send({ type: 'token_failed', message: 'the console is away' })
  expect(await child.next('failed')).toMatchObject({ message: 'the console is away', exitCode: 77 })
  expect(await child.exited).toBe(77)
})

// A wrong environment: every mistake at once, exit code 64, and nothing was made or bound.
test('names every mistake of its environment', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const child = spawnProxy(environmentOf(home, control, { HEDDLE_APP_PORT: 'x', HEDDLE_SERVICE: '-' }))
  const { message } = await child.next('failed')
  expect(message).toContain('HEDDLE_APP_PORT')
  expect(message).toContain('HEDDLE_SERVICE')
  expect(await child.exited).toBe(64)
})

// Alone (systemd, a container) a signal is all there is: withdrawn, drained, gone with 0.
test('ends at SIGTERM alone', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const child = spawnProxy(environmentOf(home, control, { HEDDLE_JOIN_TOKEN: control.token }), 'ignore')
  const conversation = await configure(control)
  await conversation.next('ready')
  child.process.kill('SIGTERM')
  await conversation.next('withdraw')
  expect(await child.exited).toBe(0)
})

// A parent that was killed: the app's whole process group is ended, and the proxy after it.
test('ends the app and itself where the parent vanishes', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const app = spawn('sh', ['-c', 'sleep 1000 & sleep 1000'], { detached: true, stdio: 'ignore' })
  onTestFinished(() => void (app.pid !== undefined && app.exitCode === null && app.kill('SIGKILL')))
  const child = spawnProxy(environmentOf(home, control, { HEDDLE_JOIN_TOKEN: control.token }))
  await configure(control)
  await child.next('ready')
  child.send({ type: 'app', pid: app.pid })
  const appEnded = once(app, 'exit')
  child.process.disconnect()
  expect(await appEnded).toEqual([null, 'SIGTERM'])
  expect(await child.exited).toBe(0)
})

// A port that an option fixed and that is taken: the message names both, before anything was joined.
test('names a busy port and its option', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const environment = environmentOf(home, control, {
    HEDDLE_JOIN_TOKEN: control.token,
    HEDDLE_OUTBOUND_PORT: String(port),
  })
  const { message, exitCode } = await spawnProxy(environment).next('failed')
  expect(message).toContain(`Port ${port} is in use`)
  expect(message).toContain('--outbound-port')
  expect(exitCode).toBe(75)
  expect(control.joins).toEqual([])
  server.close()
})

// A defect ends the process with 1, for the supervisor to start a fresh one; it leaves a line that says where it was.
test('ends with 1 after a defect', async () => {
  await using control = await startFakeControl()
  using home = newHome()
  const environment = environmentOf(home, control, { HEDDLE_JOIN_TOKEN: control.token })
  const child = spawnProxy({
    ...environment,
    // A module loaded before the proxy, which throws where nobody can catch it once the parent says so.
    NODE_OPTIONS: `--import=${encodeURI(`data:text/javascript,process.on('message',m=>{if(m.type==='defect')setTimeout(()=>{throw new Error('a defect')})})`)}`,
  })
  await configure(control)
  await child.next('ready')
  child.send({ type: 'defect' })
  expect(await child.exited).toBe(1)
  const [log = ''] = readdirSync(join(home.path, 'logs'))
  expect(readFileSync(join(home.path, 'logs', log), 'utf8')).toContain('Error: a defect')
})
