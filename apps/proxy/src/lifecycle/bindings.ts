// Binds what listens. Ports are chosen free, but somebody may take one in the moment between: then others are picked,
// unless an option fixed them.
import type { Upstream } from '@heddle/shared/upstream'
import type { ProxyConfig } from '../config.ts'
import type { Log } from '../interfaces.ts'
import { busyPort, busyUpstream, choosePorts, type PortName, type PortWish } from '../state/ports.ts'
import type { Ports, StateDirectory } from '../state/stateDirectory.ts'
import { errorCode, portOf } from './startError.ts'

const ATTEMPTS = 5

/** What this instance listens on, and what the options say about it. */
export function portWishes(config: ProxyConfig, inboundAddress: string): PortWish[] {
  const wishes: PortWish[] = [{ name: 'outbound', address: '127.0.0.1', fixed: config.outboundPort }]
  if (config.appPort !== null) wishes.push({ name: 'inbound', address: inboundAddress, fixed: config.inboundPort })
  if (config.publicPort !== null)
    wishes.push({ name: 'public', address: inboundAddress, fixed: config.publicPort || null })
  wishes.push({ name: 'admin', address: '127.0.0.1', fixed: config.adminPort })
  return wishes
}

export async function chosenPorts(
  wishes: readonly PortWish[],
  state: StateDirectory,
  config: ProxyConfig,
  random: () => number,
): Promise<Ports> {
  const chosen = await choosePorts(wishes, state, config.home, random, config.upstreams)
  const port = (name: PortName) => chosen.get(name) ?? null
  return {
    outbound: port('outbound') ?? 0,
    inbound: port('inbound'),
    public: port('public'),
    admin: port('admin') ?? 0,
  }
}

/**
 * Calls `bind` with `ports` and, where one of them has just been taken, again with others from `choose`. Gives what
 * `bind` gave and the ports that it got.
 */
export async function bindPorts<T>(
  ports: Ports,
  wishes: readonly PortWish[],
  upstreams: readonly Upstream[],
  choose: () => Promise<Ports>,
  bind: (ports: Ports) => Promise<T>,
  log: Log,
): Promise<{ bound: T; ports: Ports }> {
  let attempted = ports
  for (let attempt = 1; ; attempt++) {
    try {
      return { bound: await bind(attempted), ports: attempted }
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') throw error
      const fixed = wishes.find((wish) => wish.fixed !== null && wish.fixed === portOf(error))
      if (fixed !== undefined) throw busyPort(fixed.name, fixed.fixed ?? 0)
      const upstream = upstreams.find(({ port }) => port === portOf(error))
      if (upstream !== undefined) throw busyUpstream(upstream)
      if (attempt === ATTEMPTS) throw error
      log.warn('a port was taken in the meantime; picking others', { port: portOf(error) })
      attempted = await choose()
    }
  }
}
