// Runs the browser tests against a real mesh with the sample shop and its traffic, made for them and ended after them.
// usage: node tests/browser.ts [PLAYWRIGHT ARGS…]   HEDDLE_BROWSER names a Chromium; the JSON report goes where
// PLAYWRIGHT_JSON_OUTPUT_FILE says.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { statServicesOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { repository } from './harness/command.ts'
import { startMesh } from './harness/mesh.ts'

const SHOP = ['storefront', 'catalog', 'cart', 'checkout', 'payments', 'shipping']

await using mesh = await startMesh({ args: ['--demo'] })
const setupLink = await eventually(
  'the link for the first admin',
  () => /https?:\/\/\S+\/setup\?token=[\w-]+/.exec(mesh.up.stdout())?.[0],
  // A first start builds the console.
  240_000,
)
await eventually(
  'every shop service has traffic',
  async () => {
    const { rows } = statServicesOutputSchema.parse(await mesh.json(['stat', 'services']))
    return SHOP.every((name) => rows.some((row) => row.service === name && row.requests > 0)) ? true : undefined
  },
  240_000,
)

const playwright = spawn(
  process.execPath,
  [
    join(repository, 'node_modules', '@playwright', 'test', 'cli.js'),
    'test',
    '--config',
    join(repository, 'apps', 'web', 'playwright.config.ts'),
    ...process.argv.slice(2),
  ],
  {
    cwd: join(repository, 'apps', 'web'),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...mesh.env, HEDDLE_E2E_URL: new URL(setupLink).origin, HEDDLE_E2E_SETUP_LINK: setupLink },
  },
)
process.exitCode = await new Promise<number>((resolve) => playwright.on('exit', (code) => resolve(code ?? 1)))
