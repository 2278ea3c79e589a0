// Browser tests against a running console with the sample shop behind it. Where it is and how to get in come from the
// environment: HEDDLE_E2E_URL, and either HEDDLE_E2E_SETUP_LINK (a fresh mesh) or HEDDLE_E2E_USER and
// HEDDLE_E2E_PASSWORD. HEDDLE_BROWSER names a Chromium.
import { defineConfig } from '@playwright/test'
import { SIGNED_IN } from './e2e/console.ts'

/** They make trouble in the mesh, which is seen for minutes. */
const TROUBLE = ['incident.spec.ts', 'outages.spec.ts']
const browser = process.env.HEDDLE_BROWSER
/** `npm run screenshots`: pictures instead of tests. */
const isPictures = process.env.HEDDLE_PICTURES === 'true'

export default defineConfig({
  testDir: './e2e',
  outputDir: './test-results',
  // One mesh, one history of changes: journeys take turns.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env.HEDDLE_E2E_URL ?? 'http://localhost:3000',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    timezoneId: 'UTC',
    launchOptions: {
      ...(browser !== undefined && browser !== '' && { executablePath: browser }),
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  projects: isPictures
    ? [
        { name: 'front', testMatch: 'front.pictures.ts' },
        { name: 'door', testMatch: 'door.setup.ts', dependencies: ['front'] },
        { name: 'stage', testMatch: 'stage.pictures.ts', dependencies: ['door'] },
        { name: 'pictures', testMatch: 'pages.pictures.ts', dependencies: ['stage'] },
      ]
    : [
        { name: 'door', testMatch: 'door.setup.ts' },
        {
          name: 'console',
          testMatch: '*.spec.ts',
          testIgnore: TROUBLE,
          dependencies: ['door'],
          use: { storageState: SIGNED_IN },
        },
        // Last, since the mesh is another one while they run.
        { name: 'trouble', testMatch: TROUBLE, dependencies: ['door'], use: { storageState: SIGNED_IN } },
      ],
})
