// An arm that is a program with a configuration file: everyone but Heddle.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { descendantsOf } from '@heddle/tests/harness/processes'
import { type Certificates, makeCertificates } from '../certificates.ts'
import { startChild } from '../child.ts'
import { freePort } from '../freePort.ts'
import { pinned } from '../machine.ts'
import { PATHS } from '../paths.ts'
import { untilAnswered, untilCalled, untilListening } from '../reach.ts'
import type { Arm, ArmName, Bed, OpenArm, Protocol, Role, RunningProxy } from './arm.ts'

/** One proxy to configure. */
export interface Place {
  role: Role
  /** Of its callers, and of what the server side calls. */
  protocol: Protocol
  /** Port on loopback. */
  listen: number
  /** Port on loopback of what it forwards to. */
  to: number
  /** Its own, for whatever it wants to write. */
  directory: string
  certificates: Certificates
}

export interface Program {
  name: ArmName
  /** Path of the executable; null: it is not on this machine. */
  find(): string | null
  /** What to install, a sentence. */
  advice: string
  versionArguments: readonly string[]
  /** The configuration file's text, and the arguments that start the program on the file in the foreground. */
  configure(place: Place): string
  arguments(configFile: string, place: Place): string[]
}

export function configuredArm(program: Program): Arm {
  return {
    name: program.name,
    missing: () => (program.find() === null ? program.advice : null),
    open: (bed) => openConfigured(program, bed),
  }
}

async function openConfigured(program: Program, { directory, cores, backendPort, grpcPort }: Bed): Promise<OpenArm> {
  const executable = program.find()
  if (executable === null) throw new Error(program.advice)
  const certificates = await makeCertificates(join(directory, 'certificates'))
  const owned = new AsyncDisposableStack()
  let proxies = 0
  const start = async (role: Role, protocol: Protocol, to: number): Promise<RunningProxy> => {
    const place: Place = {
      role,
      protocol,
      listen: await freePort(),
      to,
      directory: join(directory, `${role}-${++proxies}`),
      certificates,
    }
    mkdirSync(place.directory, { recursive: true, mode: 0o700 })
    const configFile = join(place.directory, 'config')
    writeFileSync(configFile, program.configure(place), { mode: 0o600 })
    const command = pinned(cores?.proxies, [executable, ...program.arguments(configFile, place)])
    const startedAt = performance.now()
    const child = startChild(command, join(place.directory, 'log'))
    owned.use(child)
    const isThere =
      role === 'server'
        ? untilListening(place.listen, startedAt)
        : protocol === 'grpc'
          ? untilCalled(place.listen, startedAt)
          : untilAnswered(place.listen, PATHS.small, startedAt)
    return {
      port: place.listen,
      startMs: await Promise.race([isThere, child.died]),
      pids: () => [child.pid, ...descendantsOf(child.pid).map(({ pid }) => pid)],
      supervisors: () => [],
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    }
  }
  return {
    version: versionOf(executable, program.versionArguments),
    startServer: (protocol) => start('server', protocol, protocol === 'grpc' ? grpcPort : backendPort),
    startClient: ({ port }, protocol) => start('client', protocol, port),
    startHop: () => start('hop', 'http', backendPort),
    callerCredentials: () => certificates.caller,
    companions: () => [],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The first number with dots in what the program says of itself. */
function versionOf(executable: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(executable, args, { encoding: 'utf8' })
  return /\d+\.\d+(?:\.\d+)?/.exec(`${stdout}${stderr}`)?.[0] ?? 'unknown'
}
