// Certificates that live for a minute, renewed by themselves under traffic for five, by proxies of two workers.
import { fileURLToPath } from 'node:url'
import { eventually } from '@heddle/testkit/eventually'
import { describeFailures, load } from '../harness/load.ts'
import { freePort, startMesh } from '../harness/mesh.ts'
import { hold, type Scenario } from './scenario.ts'

const TWO_WORKERS = ['--workers', '2']
const app = fileURLToPath(new URL('../harness/app.ts', import.meta.url))

export const shortLeaves: Scenario = {
  name: 'short-leaves',
  guarantees: 'leaves of 60 s for 5 minutes under 50 requests/s, through two workers on both sides: 0 failed',
  async run(note) {
    await using mesh = await startMesh()
    await mesh.apply(
      'apiVersion: heddle.dev/v1\nkind: MeshSettings\nmetadata: { name: mesh }\nspec: { leafCertificateTtl: 60s }\n',
    )
    const port = await freePort()
    const command = [process.execPath, app, `${port}`, 'catalog']
    await mesh.run({ service: 'catalog', appPort: port, args: TWO_WORKERS, command })
    const caller = await mesh.run({ service: 'caller', args: TWO_WORKERS })
    const expiry = async (): Promise<number[]> =>
      (await mesh.status()).proxies.map((proxy) => Date.parse(proxy.certificateExpiresAt ?? ''))
    hold(
      'the first leaves live for a minute',
      (await expiry()).every((at) => at < Date.now() + 61_000),
      await expiry(),
    )

    const { answers, failed } = await load({
      rate: 50,
      durationMs: 300_000,
      next: () => ({ port: caller.proxy.outbound, host: 'catalog', path: '/' }),
    })
    note(`${answers.length} requests, ${failed.length} failed`)
    hold('no request failed', failed.length === 0, describeFailures(failed))
    const now = Date.now()
    await eventually('every leaf was renewed', async () =>
      (await expiry()).every((at) => at > now) ? true : undefined,
    )
  },
}
