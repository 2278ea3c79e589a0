import { expect, expectAccessible, test } from './console.ts'

// The three charts are drawn, read by keyboard step by step, and have a table with the same numbers behind them.
test('charts of a service', async ({ page }) => {
  await page.goto('/services/catalog?range=15m')
  const charts = page.getByRole('region', { name: 'Success, volume and latency' })
  await expect(charts.locator('canvas')).toHaveCount(3)
  const cursor = page.getByRole('slider', { name: 'Moment in the charts' })
  await cursor.focus()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  await expect(cursor).toHaveAttribute('aria-valuetext', /UTC: Success .*Failed .*p99 /)
  const before = await cursor.getAttribute('aria-valuenow')
  await page.keyboard.press('ArrowLeft')
  await expect(cursor).not.toHaveAttribute('aria-valuenow', before ?? '')
  await page.getByRole('button', { name: 'Table' }).click()
  await expect(page.getByRole('region', { name: "The charts' numbers" }).getByRole('row').nth(2)).toContainText(/\d/)
})

// Routes, callers and versions of the service are on its page.
test('what belongs to a service', async ({ page }) => {
  await page.goto('/services/catalog?range=15m')
  const routes = page.getByRole('region', { name: 'Routes' }).getByRole('row')
  // Not the first: what an earlier test called may do worse.
  await expect(routes.filter({ hasText: '/products' }).first()).toBeVisible()
  const neighbours = page.getByRole('region', { name: 'Callers and callees' })
  await expect(neighbours.getByRole('link', { name: 'storefront' })).toBeVisible()
  await expect(neighbours).toContainText('v1')
  await expect(neighbours).toContainText('v2')
  await page.getByRole('link', { name: /^Instances/ }).click()
  await expect(page.getByRole('row', { name: /catalog-v2-/ })).toContainText('Ready')
})

// A fixed range freezes the page and says so; a preset makes it live again.
test('the time range', async ({ page }) => {
  await page.goto('/services/catalog')
  await page.getByRole('button', { name: /^Time range/ }).click()
  await page.getByRole('button', { name: 'Freeze this range' }).click()
  await expect(page).toHaveURL(/from=\d+&to=\d+|to=\d+/)
  await expect(page.getByText('frozen', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: /^Time range/ }).click()
  await page.getByRole('button', { name: 'Last 15 min' }).click()
  await expect(page).toHaveURL(/range=15m/)
  await expect(page.getByText('frozen', { exact: true })).toBeHidden()
})

// A service that does not exist is said not to, once, by its name and with what would make it.
test('an unknown service', async ({ browser }) => {
  const page = await browser.newPage()
  await page.goto('/services/no-such-service')
  const main = page.getByRole('main')
  await expect(main.getByRole('heading', { name: 'No such service' })).toBeVisible()
  await expect(main).toContainText(
    'There is no service no-such-service. Starting one with "heddle run --service no-such-service -- …" makes it.',
  )
  await expect(main.getByText(/There is no service/)).toHaveCount(1)
  await expect(main.getByRole('alert')).toHaveCount(0)
  await page.close()
})

// Latency is drawn as percentiles or as every call; which one is in the address.
test('the heatmap of a service', async ({ page }) => {
  await page.goto('/services/catalog?range=15m')
  const charts = page.getByRole('region', { name: 'Success, volume and latency' })
  await charts.getByRole('button', { name: 'Heatmap' }).click()
  await expect(page).toHaveURL(/latency=heatmap/)
  await expect(charts.getByRole('heading', { name: 'Latency, every call' })).toBeVisible()
  await expect(charts.locator('canvas')).toHaveCount(3)
  await charts.getByRole('button', { name: 'Table' }).click()
  await expect(page.getByRole('region', { name: "The heatmap's numbers" }).getByRole('row').nth(1)).toContainText(/\d/)
  await expectAccessible(page)
})
