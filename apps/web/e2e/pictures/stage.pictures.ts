// Gives the pictures something to tell: a quarter of an hour of traffic, with a canary that moves in it and a rule that
// audits.
import { expect, test } from '@playwright/test'
import { SIGNED_IN } from '../console.ts'

test.use({ storageState: SIGNED_IN })

/** Of the charts' range. */
const PAST_MS = 15 * 60_000
/** Into which the changes fall, so that there is a before and an after. */
const BEFORE_MS = 9 * 60_000

test('traffic, and what is changed in it', async ({ page }) => {
  test.skip(process.env.HEDDLE_E2E_SETUP_LINK === undefined, 'a mesh that was there before has its own past')
  test.setTimeout(PAST_MS + 120_000)
  const startedAt = Date.now()
  const until = (ms: number) => page.waitForTimeout(Math.max(0, startedAt + ms - Date.now()))
  await until(BEFORE_MS)
  await page.goto('/services/catalog/traffic')
  await page.getByRole('textbox', { name: 'catalog-v2, percent' }).fill('20')
  await page.getByRole('button', { name: 'Review 80 / 20' }).click()
  await page.getByRole('button', { name: 'Apply 80 / 20 split' }).click()
  await expect(page.getByText(/^Applied .* to /)).toBeVisible()
  const rule = {
    apiVersion: 'heddle.dev/v1',
    kind: 'AccessRule',
    metadata: { name: 'cart-from-storefront' },
    spec: { target: { service: 'cart' }, action: 'Allow', mode: 'audit', from: [{ service: 'storefront' }] },
  }
  const saved = await page.request.post('/api/trpc/access.save', {
    headers: { origin: new URL(page.url()).origin },
    data: { json: { rule, resourceVersion: null } },
  })
  expect(saved.ok(), await saved.text()).toBe(true)
  await until(PAST_MS)
})
