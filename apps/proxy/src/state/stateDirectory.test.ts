import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { rememberingLog, silentLog } from '../../test/silentLog.ts'
import { newHome } from '../../test/startProxies.ts'
import { EXIT, StartError } from '../lifecycle/startError.ts'
import { type Claim, StateDirectory } from './stateDirectory.ts'

const claim = (home: string, over: Partial<Claim> = {}) =>
  StateDirectory.claim({ home, service: 'catalog', version: 'v1', instance: null, log: silentLog, ...over })

const errorOf = (work: () => unknown): StartError => {
  try {
    work()
  } catch (error) {
    if (error instanceof StartError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

// Each instance on a host has a directory of its own: the lowest number that no running instance holds.
test('takes the lowest free number and gives it back', () => {
  using home = newHome()
  const first = claim(home.path)
  using second = claim(home.path)
  expect([first.path, second.path].map((path) => path.split('/').at(-1))).toEqual(['catalog-v1-1', 'catalog-v1-2'])
  const { instance } = first
  expect(instance).toMatch(/^catalog-v1-1-[a-z]{4}$/)
  first[Symbol.dispose]()
  using again = claim(home.path)
  expect(again.instance).toBe(instance)
})

// Two instances with one name: the second is told who holds it and what to do, and the first notices nothing.
test('refuses a name that is in use', () => {
  using home = newHome()
  using _first = claim(home.path, { instance: 'blue' })
  const error = errorOf(() => claim(home.path, { instance: 'blue' }))
  expect(error.exitCode).toBe(EXIT.busy)
  expect(error.message).toBe(
    `The instance "catalog-v1-blue" is already running (process ${process.pid}). Choose another name with --instance, or leave the option out.`,
  )
})

// A crash frees the lock, with nothing left behind that would have to be judged or removed.
test('is free again when its process was killed', async () => {
  using home = newHome()
  const source = `
    const { StateDirectory } = await import(${JSON.stringify(new URL('./stateDirectory.ts', import.meta.url).href)})
    const log = { info() {}, warn() {}, error() {} }
    StateDirectory.claim({ home: ${JSON.stringify(home.path)}, service: 'catalog', version: 'v1', instance: 'blue', log })
    process.send('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  expect(errorOf(() => claim(home.path, { instance: 'blue' })).message).toContain(`process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  claim(home.path, { instance: 'blue' })[Symbol.dispose]()
})

// A directory and everything in it is its owner's alone, also where somebody had opened it.
test('keeps its directory private', () => {
  using home = newHome()
  const path = join(home.path, 'instances', 'catalog-v1-1')
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o755)
  using state = claim(home.path)
  expect(statSync(state.path).mode & 0o777).toBe(0o700)
})

// Names that are longer than an instance id may be still give one that is a DNS label.
test('gives ids that are DNS labels', () => {
  using home = newHome()
  using state = claim(home.path, { service: 'a'.repeat(50), instance: `b${'c'.repeat(60)}` })
  expect(state.instance).toMatch(/^[a-z0-9-]{1,63}$/)
  expect(state.instance.startsWith(`${'a'.repeat(50)}-v1-b`)).toBe(true)
})

// "a-b" version "c" and "a" version "b-c" would share a directory; the second is told, not given the first one's key.
test('does not hand one service the directory of another', () => {
  using home = newHome()
  claim(home.path, { service: 'a-b', version: 'c', instance: 'x' })[Symbol.dispose]()
  const error = errorOf(() => claim(home.path, { service: 'a', version: 'b-c', instance: 'x' }))
  expect(error.message).toContain('belongs to the service a-b')
  using next = claim(home.path, { service: 'a', version: 'b-c' })
  expect(next.path.endsWith('a-b-c-1')).toBe(true)
})

const certificate = { trustDomain: 'test.heddle', chain: 'chain', roots: ['root'], receivedAt: 1 }
const ports = { outbound: 1, inbound: 2, admin: 3, public: null }

// What was written is read back by the next start.
test('keeps key, certificate, ports and snapshot', async () => {
  using home = newHome()
  const state = claim(home.path)
  state.writeKey('key')
  expect(state.writeCertificate(certificate)).toBe(true)
  expect(state.writePorts(ports)).toBe(true)
  expect(await state.writeSnapshot('{"a":1}')).toBe(true)
  state[Symbol.dispose]()
  using again = claim(home.path)
  expect(again.readKey()).toBe('key')
  expect(again.readCertificate()).toEqual(certificate)
  expect(again.readPorts()).toEqual(ports)
  expect(again.readSnapshot(z.object({ a: z.number() }))).toEqual({ a: 1 })
})

// A file that cannot be understood costs what it held and no more: it is set aside, and the log says so.
test.each(['', '{', '{"chain":1}', '\0\0\0\0', '[]'])('sets a corrupt file aside (%j)', (text) => {
  using home = newHome()
  const log = rememberingLog()
  using state = claim(home.path, { log })
  for (const file of ['certificate.json', 'ports.json', 'snapshot.json']) writeFileSync(join(state.path, file), text)
  expect(state.readCertificate()).toBeUndefined()
  expect(state.readPorts()).toBeUndefined()
  expect(state.readSnapshot(z.object({ a: z.number() }))).toBeUndefined()
  expect(readdirSync(state.path).filter((name) => name.endsWith('.corrupt'))).toHaveLength(3)
  expect(log.lines).toHaveLength(3)
})

// A corrupt instance file: the instance gets a new id, and with it a new key, never somebody else's certificate.
test('begins anew where it cannot tell who it was', () => {
  using home = newHome()
  const state = claim(home.path)
  const { instance, path } = state
  state.writeKey('key')
  state.writePorts(ports)
  state[Symbol.dispose]()
  writeFileSync(join(path, 'instance.json'), 'garbage')
  using again = claim(home.path)
  expect(again.instance).not.toBe(instance)
  expect(again.readKey()).toBeUndefined()
  expect(again.readPorts()).toEqual(ports)
})

/** From now on nothing can be created in the directory, as on a full disk: what would be written is taken by directories. */
function fillUp(path: string): void {
  for (const file of ['key.pem', 'certificate.json', 'ports.json', 'snapshot.json']) {
    mkdirSync(join(path, `${file}.new`), { recursive: true })
  }
}

// A disk that takes nothing any more: the old content stays, the failure is counted, and one line tells of it.
test('goes on where nothing can be written', async () => {
  using home = newHome()
  const log = rememberingLog()
  using state = claim(home.path, { log })
  state.writeCertificate(certificate)
  fillUp(state.path)
  expect(state.writeCertificate({ ...certificate, receivedAt: 2 })).toBe(false)
  expect(state.writePorts(ports)).toBe(false)
  expect(await state.writeSnapshot('{}')).toBe(false)
  expect(state.readCertificate()).toEqual(certificate)
  expect([state.writable, state.failedWrites]).toEqual([false, 3])
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
})

// At the first start a key that cannot be kept is an error, before a token's use is spent on it.
test('says so where the key cannot be written', () => {
  using home = newHome()
  using state = claim(home.path)
  fillUp(state.path)
  const error = errorOf(() => state.writeKey('key'))
  expect(error.exitCode).toBe(EXIT.cannotCreate)
  expect(error.message).toContain('HEDDLE_HOME')
})

// A home that is no directory: one sentence that names it and what to do.
test('says so where there can be no directory', () => {
  using home = newHome()
  const file = join(home.path, 'file')
  writeFileSync(file, '')
  const error = errorOf(() => claim(file))
  expect(error.exitCode).toBe(EXIT.cannotCreate)
  expect(error.message).toContain('set HEDDLE_HOME to another directory')
  expect(readFileSync(file, 'utf8')).toBe('')
})
