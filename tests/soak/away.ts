// The control plane, then Postgres, killed again and again for a minute under constant traffic.
import { fileURLToPath } from 'node:url'
import { statServicesOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { heddle, type Running } from '../harness/command.ts'
import { call, describeFailures, load } from '../harness/load.ts'
import { freePort, type Mesh, type MeshService, startMesh } from '../harness/mesh.ts'
import { keepKilled } from '../harness/processes.ts'
import { hold, type Scenario } from './scenario.ts'

const app = fileURLToPath(new URL('../harness/app.ts', import.meta.url))
const OUTAGE_MS = 60_000
const RATE = 100

async function startCatalog(mesh: Mesh, instance: string): Promise<MeshService> {
  const port = await freePort()
  return mesh.run({
    service: 'catalog',
    appPort: port,
    instance,
    command: [process.execPath, app, `${port}`, instance],
  })
}

/** Requests that the mesh counted for catalog, from everywhere, since it was made. */
async function counted(mesh: Mesh): Promise<number> {
  const { rows } = statServicesOutputSchema.parse(await mesh.json(['stat', 'services', '--window', '10m']))
  return rows.find(({ service }) => service === 'catalog')?.requests ?? 0
}

function away(name: string, words: string): Scenario {
  return {
    name,
    guarantees: `${name.replace('-away', '')} killed for 60 s under ${RATE} requests/s: 0 failed, a restarted proxy serves from disk, no metric lost or counted twice`,
    async run(note) {
      await using mesh = await startMesh()
      await startCatalog(mesh, 'catalog-a')
      const second = await startCatalog(mesh, 'catalog-b')
      const caller = await mesh.run({ service: 'caller', instance: 'caller-a' })
      const request = { port: caller.proxy.outbound, host: 'catalog', path: '/' }
      hold('a call answers before', (await call(request)).status === 200, await call(request))
      let sent = 2

      const traffic = load({ rate: RATE, durationMs: OUTAGE_MS + 15_000, next: () => request })
      const kills = keepKilled(mesh.up.pid, words, performance.now() + OUTAGE_MS)
      // Meanwhile a proxy is restarted: it takes its ports, certificate and config from disk.
      await new Promise((resolve) => setTimeout(resolve, 15_000))
      await second.stop()
      const restarted = await restartWithoutControl(mesh)
      note(`killed ${await kills} times`)
      const { answers, failed } = await traffic
      sent += answers.length
      hold('no request failed', failed.length === 0, describeFailures(failed))
      note(`${answers.length} requests, ${failed.length} failed`)

      await eventually(
        'everything has reconnected',
        async () => {
          const { code, stdout } = await mesh.heddle(['status', '-o', 'json'])
          return code === 0 && stdout !== '' ? true : undefined
        },
        60_000,
      )
      const total = await eventually(
        'all is counted',
        async () => ((await counted(mesh)) >= sent ? counted(mesh) : undefined),
        60_000,
      )
      hold('each request is counted once', total === sent, { counted: total, sent })
      note(`sent ${sent}, counted ${total}`)
      await restarted.stop()
    },
  }
}

/** A second instance of catalog comes up again while nothing but its state directory tells it anything. */
async function restartWithoutControl(mesh: Mesh): Promise<Running> {
  const appPort = await freePort()
  const running = heddle(
    [
      'run',
      '--service',
      'catalog',
      '--instance',
      'catalog-b',
      '--app-port',
      `${appPort}`,
      '--',
      process.execPath,
      app,
      `${appPort}`,
      'catalog-b',
    ],
    { env: mesh.env },
  )
  await eventually(
    'the restarted instance serves',
    async () => {
      const answer = await fetch(`http://127.0.0.1:${appPort}/`).catch(() => undefined)
      return answer?.ok ? true : undefined
    },
    20_000,
  )
  return running
}

export const controlPlaneAway = away('control-plane-away', 'apps/control/src/main.ts')
export const postgresAway = away('postgres-away', 'bin/postgres')
