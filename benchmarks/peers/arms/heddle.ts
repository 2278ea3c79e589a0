// Heddle as its users start it: `heddle up` in a home of its own with the embedded Postgres, and `heddle run` for each
// side, with a route that matches a header and asks for a retry, an access rule that names the caller, and all else as it
// is by default: metrics, peak EWMA, retry budget, circuit breaking, identity headers, tracing headers.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startMesh } from '@heddle/tests/harness/mesh'
import { descendantsOf } from '@heddle/tests/harness/processes'
import { z } from 'zod'
import type { Credentials } from '../certificates.ts'
import { startChild } from '../child.ts'
import { freePort } from '../freePort.ts'
import { GRPC_HOST } from '../grpcMessages.ts'
import { pinned } from '../machine.ts'
import { PATHS } from '../paths.ts'
import { untilAnswered, untilCalled, untilListening } from '../reach.ts'
import {
  type Arm,
  type Bed,
  CALLER,
  HOST,
  type OpenArm,
  type Protocol,
  ROUTE_HEADER,
  type RunningProxy,
} from './arm.ts'

const repository = join(import.meta.dirname, '..', '..', '..')
const launcher = join(repository, 'apps', 'cli', 'bin', 'heddle.mjs')
/** The file that a proxy beside a command runs, and nobody else: bundled, or its source. */
const PROXY_PROGRAM = /\/(?:proxy\.js|apps\/proxy\/src\/main\.ts)(?: |$)/

/** Has its own public port and nothing to do with the pair, whose calls it would otherwise share. */
const HOP = `${HOST}-hop`

const resourcesOf = (service: string, protocol: Protocol, from: string): string => `
apiVersion: heddle.dev/v1
kind: Service
metadata: { name: ${service} }
spec: { protocol: ${protocol} }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${service} }
spec:
  parentRefs: [{ kind: Service, name: ${service} }]
  rules:
    - name: measured
      matches: [{ headers: [{ name: ${ROUTE_HEADER.name}, value: "${ROUTE_HEADER.value}" }] }]
      retry: { codes: [503], attempts: 1 }
      backendRefs: [{ name: ${service} }]
---
apiVersion: heddle.dev/v1
kind: AccessRule
metadata: { name: ${service}-callers }
spec:
  target: { service: ${service} }
  action: Allow
  from: [${from}]
  to: [{ methods: [GET, POST], paths: [{ type: PathPrefix, value: / }] }]
`

const certificateSchema = z.object({ chain: z.string(), roots: z.array(z.string()) })

export const heddle: Arm = {
  name: 'heddle',
  missing: () => null,
  open,
}

async function open({ directory, cores, backendPort, grpcPort }: Bed): Promise<OpenArm> {
  await using opening = new AsyncDisposableStack()
  const mesh = opening.use(await startMesh())
  await mesh.apply(
    [
      resourcesOf(HOST, 'http', `{ service: ${CALLER} }`),
      resourcesOf(GRPC_HOST, 'grpc', `{ service: ${CALLER} }`),
      resourcesOf(HOP, 'http', '{ any: public }'),
    ].join('---'),
  )
  let proxies = 0
  const run = async (service: string, options: string[], port: number, isThere: (since: number) => Promise<number>) => {
    const command = [process.execPath, launcher, 'run', '--service', service, ...options]
    const startedAt = performance.now()
    const child = opened.use(
      startChild(
        pinned(cores?.proxies, [...command, '--', 'sleep', '1d']),
        join(directory, `${service}-${++proxies}`),
        mesh.env,
      ),
    )
    const below = () => descendantsOf(child.pid)
    const startMs = await Promise.race([isThere(startedAt), child.died])
    const proxy = below().find(({ command: line }) => PROXY_PROGRAM.test(line))
    if (proxy === undefined) throw new Error(`no ${PROXY_PROGRAM} below heddle run ${service}`)
    return {
      port,
      startMs,
      pids: () => [proxy.pid],
      supervisors: () => [child.pid],
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    } satisfies RunningProxy
  }
  const opened = opening.move()
  const serve = async (
    service: string,
    appPort: number,
    kind: 'inbound' | 'public',
    isThere: typeof untilListening,
  ) => {
    const port = await freePort()
    const options = ['--app-port', `${appPort}`, `--${kind}-port`, `${port}`]
    return run(service, options, port, (since) => isThere(port, since))
  }
  const untilSmallAnswer = (port: number, since: number) => untilAnswered(port, PATHS.small, since)
  return {
    version: z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')))
      .version,
    startServer: (protocol) =>
      protocol === 'grpc'
        ? serve(GRPC_HOST, grpcPort, 'inbound', untilListening)
        : serve(HOST, backendPort, 'inbound', untilListening),
    startClient: async (_server, protocol) => {
      const port = await freePort()
      return run(CALLER, ['--outbound-port', `${port}`], port, (since) =>
        protocol === 'grpc' ? untilCalled(port, since) : untilSmallAnswer(port, since),
      )
    },
    startHop: () => serve(HOP, backendPort, 'public', untilSmallAnswer),
    callerCredentials: () => credentialsIn(join(mesh.home, 'instances')),
    companions: () => [mesh.up.pid, ...descendantsOf(mesh.up.pid).map(({ pid }) => pid)],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** What a caller's proxy holds on disk; null: none has joined yet. */
function credentialsIn(instances: string): Credentials | null {
  const name = readdirSync(instances).find((entry) => entry.startsWith(`${CALLER}-`))
  if (name === undefined) return null
  const read = (file: string): string => readFileSync(join(instances, name, file), 'utf8')
  const { chain, roots } = certificateSchema.parse(JSON.parse(read('certificate.json')))
  return { key: read('key.pem'), chain, roots: roots.join('\n') }
}
