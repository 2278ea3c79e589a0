// Which ports this instance listens on: the option's, else those of the last run, else free ones below the kernel's
// ephemeral range, where no outgoing connection of anybody can have taken them in the meantime.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Upstream, upstreamText } from '@heddle/shared/upstream'
import { EXIT, errorCode, StartError } from '../lifecycle/startError.ts'
import { type Ports, portsSchema, type StateDirectory } from './stateDirectory.ts'

/** Linux' default of net.ipv4.ip_local_port_range, where that cannot be read. */
const USUAL_EPHEMERAL_LOW = 32_768
/** Below the ephemeral range there is more than enough in this many ports, far from the well-known ones. */
const RANGE = 12_768
const ATTEMPTS = 200

export type PortName = keyof Ports

/** A port that an option fixed: only that one will do. */
const OPTION: Record<PortName, string> = {
  outbound: '--outbound-port',
  inbound: '--inbound-port',
  admin: '--admin-port',
  public: '--public-port',
}

export interface PortWish {
  name: PortName
  /** Address to listen on. */
  address: string
  /** The option's port; null: the last one, or any. */
  fixed: number | null
}

export function busyPort(name: PortName, port: number): StartError {
  return new StartError(
    EXIT.busy,
    `Port ${port} is in use by another program. Choose another with ${OPTION[name]}, or leave the option out to have a free one picked.`,
  )
}

export function busyUpstream(upstream: Upstream): StartError {
  return new StartError(
    EXIT.busy,
    `Port ${upstream.port} of --upstream ${upstreamText(upstream)} is in use by another program. Give ${upstream.name} another one: --upstream ${upstream.name}:PORT.`,
  )
}

/**
 * Ports for `wishes`, each free a moment ago, and none of `upstreams`. Throws a StartError for a fixed port, or one of
 * an upstream, that is taken.
 */
export async function choosePorts(
  wishes: readonly PortWish[],
  state: StateDirectory,
  home: string,
  random: () => number,
  upstreams: readonly Upstream[] = [],
): Promise<Map<PortName, number>> {
  const last = state.readPorts()
  const chosen = new Map<PortName, number>()
  for (const upstream of upstreams) if (!(await isFree(upstream.port, '127.0.0.1'))) throw busyUpstream(upstream)
  const used = new Set<number>([...wishes.flatMap(({ fixed }) => fixed ?? []), ...upstreams.map(({ port }) => port)])
  for (const { name, address, fixed } of wishes) {
    const kept = last?.[name] ?? null
    if (fixed !== null) {
      if (!(await isFree(fixed, address))) throw busyPort(name, fixed)
      chosen.set(name, fixed)
    } else if (kept !== null && !used.has(kept) && (await isFree(kept, address))) {
      chosen.set(name, kept)
    } else {
      chosen.set(name, await pick(address, used, portsOfOthers(home, state.path), random))
    }
    used.add(chosen.get(name) ?? 0)
  }
  return chosen
}

/** The first port from which the kernel gives local ports to outgoing connections. */
export function ephemeralLow(read: (path: string) => string = (path) => readFileSync(path, 'utf8')): number {
  try {
    const low = Number(/^\s*(\d+)/.exec(read('/proc/sys/net/ipv4/ip_local_port_range'))?.[1])
    return Number.isInteger(low) && low > 2_048 ? low : USUAL_EPHEMERAL_LOW
  } catch {
    return USUAL_EPHEMERAL_LOW
  }
}

async function pick(
  address: string,
  used: ReadonlySet<number>,
  others: ReadonlySet<number>,
  random: () => number,
): Promise<number> {
  const high = ephemeralLow()
  const low = Math.max(1_024, high - RANGE)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = low + Math.floor(random() * (high - low))
    if (!used.has(port) && !others.has(port) && (await isFree(port, address))) return port
  }
  throw new StartError(
    EXIT.busy,
    `No free port was found from ${low} to ${high - 1}. Name ports with --outbound-port, --inbound-port and --admin-port.`,
  )
}

function isFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      const code = errorCode(error)
      if (code === 'EADDRINUSE') resolve(false)
      else if (code === 'EACCES') {
        reject(new StartError(EXIT.busy, `Port ${port} may not be opened by this user; choose one above 1023.`))
      } else reject(error)
    })
    probe.listen({ port, host: address, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** Ports that the instances of this host, running or not, took last: a newcomer leaves them alone. */
function portsOfOthers(home: string, own: string): Set<number> {
  const taken = new Set<number>()
  const directory = join(home, 'instances')
  for (const name of namesIn(directory)) {
    if (join(directory, name) === own) continue
    for (const port of portsIn(join(directory, name, 'ports.json'))) taken.add(port)
  }
  return taken
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** Another instance's file: read to be polite, and ignored where it cannot be. */
function portsIn(path: string): number[] {
  try {
    return Object.values(portsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))).filter((port) => port !== null)
  } catch {
    return []
  }
}
