import { createServer } from 'node:net'
import { seededRandom } from '@heddle/testkit/random'
import { expect, test } from 'vitest'
import { silentLog } from '../../test/silentLog.ts'
import { newHome } from '../../test/startProxies.ts'
import { EXIT, StartError } from '../lifecycle/startError.ts'
import { choosePorts, ephemeralLow, type PortWish } from './ports.ts'
import { type Ports, StateDirectory } from './stateDirectory.ts'

const wish = (name: PortWish['name'], fixed: number | null = null): PortWish => ({ name, address: '127.0.0.1', fixed })
const claim = (home: string) =>
  StateDirectory.claim({ home, service: 'catalog', version: 'v1', instance: null, log: silentLog })

/** A port below the ephemeral range that is taken until disposed. */
async function takePort(port = 0) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

// Ports that are picked lie below those that the kernel gives to outgoing connections, and differ from each other.
test('picks free ports below the ephemeral range', async () => {
  using home = newHome()
  using state = claim(home.path)
  const chosen = await choosePorts(
    [wish('outbound'), wish('inbound'), wish('admin')],
    state,
    home.path,
    seededRandom(1),
  )
  const ports = [...chosen.values()]
  expect(new Set(ports).size).toBe(3)
  for (const port of ports) expect(port).toBeLessThan(ephemeralLow())
})

// After a restart the ports are the same; one that somebody else has taken meanwhile is picked anew, the others stay.
test('keeps its ports, and only replaces one that is taken', async () => {
  using home = newHome()
  using state = claim(home.path)
  const wishes = [wish('outbound'), wish('inbound'), wish('admin')]
  const chosen = await choosePorts(wishes, state, home.path, seededRandom(2))
  const ports: Ports = {
    outbound: chosen.get('outbound') ?? 0,
    inbound: chosen.get('inbound') ?? 0,
    admin: chosen.get('admin') ?? 0,
    public: null,
  }
  state.writePorts(ports)
  expect(await choosePorts(wishes, state, home.path, seededRandom(3))).toEqual(chosen)
  await using _taken = await takePort(ports.inbound ?? 0)
  const again = await choosePorts(wishes, state, home.path, seededRandom(3))
  expect([again.get('outbound'), again.get('admin')]).toEqual([ports.outbound, ports.admin])
  expect(again.get('inbound')).not.toBe(ports.inbound)
})

// Ports that another instance of this host had last stay free for it, also while it is not running.
test('leaves the ports of other instances alone', async () => {
  using home = newHome()
  using state = claim(home.path)
  const [first] = (await choosePorts([wish('outbound')], state, home.path, seededRandom(4))).values()
  {
    using other = claim(home.path)
    other.writePorts({ outbound: first ?? 0, inbound: null, admin: 1, public: null })
  }
  const [second] = (await choosePorts([wish('outbound')], state, home.path, seededRandom(4))).values()
  expect(second).not.toBe(first)
})

// A port that an option names and that is taken is an error that names both; nothing else is picked in its place.
test('names the port and the option where a fixed port is busy', async () => {
  using home = newHome()
  using state = claim(home.path)
  await using taken = await takePort()
  const error = await choosePorts([wish('inbound', taken.port)], state, home.path, Math.random).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error instanceof StartError && error.exitCode).toBe(EXIT.busy)
  expect(error instanceof StartError && error.message).toContain(`Port ${taken.port} is in use`)
  expect(error instanceof StartError && error.message).toContain('--inbound-port')
})

// The kernel's range is read where there is one; elsewhere Linux' default is assumed.
test.each([
  ['32768\t60999\n', 32_768],
  ['  20000 30000', 20_000],
  ['nonsense', 32_768],
  ['0 10', 32_768],
])('reads the ephemeral range %j', (text, expected) => {
  expect(ephemeralLow(() => text)).toBe(expected)
})

// The port of an upstream is its user's choice: it is never given to anything else, and a busy one is named with its option.
test('ports of upstreams are left to them', async () => {
  using home = newHome()
  using state = claim(home.path)
  const [first] = (await choosePorts([wish('outbound')], state, home.path, seededRandom(5))).values()
  const upstream = { name: 'redis', port: first ?? 0 }
  const [second] = (await choosePorts([wish('outbound')], state, home.path, seededRandom(5), [upstream])).values()
  expect(second).not.toBe(first)
})

test('a busy port of an upstream says which option', async () => {
  using home = newHome()
  using state = claim(home.path)
  await using taken = await takePort()
  const upstream = { name: 'redis', port: taken.port }
  await expect(choosePorts([wish('outbound')], state, home.path, Math.random, [upstream])).rejects.toMatchObject({
    message: expect.stringContaining(`Port ${taken.port} of --upstream redis:${taken.port} is in use`),
    exitCode: EXIT.busy,
  })
})
