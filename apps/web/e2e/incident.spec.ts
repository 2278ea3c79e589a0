import { z } from 'zod'
import { change, read } from './api.ts'
import { expect, test } from './console.ts'
import { callCatalog } from './realTraffic.ts'

const HEADER = { 'x-e2e-incident': '1' }
const documents = (request: string) => [
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'e2e-incident' },
    spec: {
      parentRefs: [{ kind: 'Service', name: 'catalog' }],
      rules: [
        {
          name: 'all',
          // Beside the shop's own traffic: only this test's calls have the header.
          matches: [
            {
              path: { type: 'PathPrefix', value: '/products' },
              method: 'GET',
              headers: [{ name: 'x-e2e-incident', value: '1' }],
            },
          ],
          timeouts: { request },
          backendRefs: [{ name: 'catalog-v1' }],
        },
      ],
    },
  },
]
/** Enough to bring the service below its objective, whatever else it answers meanwhile. */
const CALLS = 400

test.describe.configure({ timeout: 180_000 })

// Somebody gave a route a timeout that it cannot keep. From the list of services it takes three presses to the mark of that
// change above the charts of the worst route, and the mark leads to what was changed.
test('an incident, from the worst service to the change that made it', async ({ page }) => {
  await page.goto('/services?range=15m')
  await change(page, 'config.put', { documents: documents('2s') })
  try {
    {
      await using calls = await callCatalog(page, HEADER)
      await expect.poll(() => calls.answered.some(({ status }) => status === 200), { timeout: 30_000 }).toBe(true)
      await change(page, 'config.put', { documents: documents('5ms') })
      const failed = () => calls.answered.filter(({ status }) => status === 504).length
      await expect.poll(failed, { timeout: 60_000 }).toBeGreaterThan(CALLS)
    }
    const newest = await read(page, 'changes.list', { limit: 1, service: 'catalog' }, changesSchema)
    const revision = newest.changes[0]?.revision

    const worst = page.getByRole('region', { name: 'Worst now' }).getByRole('link', { name: 'catalog' })
    await expect(worst).toBeVisible({ timeout: 60_000 })
    // It may be there already, for what an earlier test has left; the newest calls are told some 20 s later.
    await expect(page.getByRole('region', { name: 'Worst now' })).toContainText('e2e-incident/all', { timeout: 60_000 })
    await worst.click()
    const routes = page.getByRole('region', { name: 'Routes' }).getByRole('row')
    await expect(routes.nth(1)).toContainText('x-e2e-incident')
    await routes.nth(1).getByRole('link').first().click()
    await expect(page).toHaveURL(/\/routes\/e2e-incident\/all\?range=15m/)
    const mark = page
      .getByRole('region', { name: 'Success, volume and latency' })
      .locator(`a[href*="open=${revision}"]`)
    await mark.click()
    await expect(page).toHaveURL(new RegExp(`/changes\\?.*open=${revision}`))
    await expect(page.getByRole('region', { name: 'Difference' }).first()).toContainText(/added: *request: 5ms/)
  } finally {
    await change(page, 'config.delete', { ref: { kind: 'HTTPRoute', name: 'e2e-incident' } })
  }
})

const changesSchema = z.object({ changes: z.array(z.object({ revision: z.number() })) })
