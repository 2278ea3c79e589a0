// All instances of a service are restarted in turn under traffic, as a deployment does it.
import { fileURLToPath } from 'node:url'
import { describeFailures, load } from '../harness/load.ts'
import { freePort, type MeshService, startMesh } from '../harness/mesh.ts'
import { hold, type Scenario } from './scenario.ts'

const app = fileURLToPath(new URL('../harness/app.ts', import.meta.url))
const INSTANCES = ['catalog-a', 'catalog-b', 'catalog-c']
const ROUNDS = 20

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  guarantees: 'every instance of a service restarted 20 times under 100 requests/s, half of them POST: 0 failed',
  async run(note) {
    await using mesh = await startMesh()
    const startInstance = async (instance: string): Promise<MeshService> => {
      const port = await freePort()
      return mesh.run({
        service: 'catalog',
        appPort: port,
        instance,
        command: [process.execPath, app, `${port}`, instance],
      })
    }
    const running = new Map<string, MeshService>()
    for (const instance of INSTANCES) running.set(instance, await startInstance(instance))
    const caller = await mesh.run({ service: 'caller' })

    const done = new AbortController()
    const traffic = load({
      rate: 100,
      durationMs: 300_000,
      signal: done.signal,
      next: (i) => ({
        port: caller.proxy.outbound,
        host: 'catalog',
        path: '/slow?ms=30',
        ...(i % 2 === 0 ? {} : { method: 'POST', body: 'x'.repeat(1_000) }),
      }),
    })
    const steps: { atMs: number; what: string }[] = []
    const step = (what: string): void => void steps.push({ atMs: performance.now(), what })
    for (let round = 0; round < ROUNDS; round++)
      for (const instance of INSTANCES) {
        step(`${instance} is stopped`)
        await running.get(instance)?.stop()
        step(`${instance} has ended`)
        running.set(instance, await startInstance(instance))
        step(`${instance} is ready`)
      }
    done.abort()
    const { answers, failed, elapsedMs } = await traffic
    note(
      `${answers.length} requests over ${(elapsedMs / 1_000).toFixed(0)} s, ${failed.length} failed, ${ROUNDS * INSTANCES.length} restarts`,
    )
    for (const { startedAtMs, latencyMs, status, error } of failed.slice(0, 20)) {
      const before = steps.filter(({ atMs }) => atMs < startedAtMs + latencyMs).slice(-4)
      const since = before.map(({ atMs, what }) => `${what} ${(startedAtMs - atMs).toFixed(0)} ms before`)
      note(`${status} ${error ?? ''} after ${latencyMs.toFixed(0)} ms: ${since.join(', ')}`)
    }
    hold('no request failed', failed.length === 0, describeFailures(failed))
  },
}
