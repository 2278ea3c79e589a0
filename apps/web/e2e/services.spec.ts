import type { Page } from '@playwright/test'
import { expect, SHOP, test } from './console.ts'

/** A service in the list itself: one in trouble is named above it as well. */
const listed = (page: Page, service: string) =>
  page.getByRole('region', { name: 'Services', exact: true }).getByRole('link', { name: service, exact: true })

// Every service of the shop is listed with a success rate and traffic, and its row leads to its page.
test('all services are listed', async ({ page }) => {
  await page.goto('/services?range=15m')
  for (const service of SHOP) {
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: service, exact: true }) })
    await expect(row).toContainText(/\d+\.\d\d/)
    await expect(row).toContainText(/\d\/\d/)
  }
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/services?/i)
  await listed(page, 'catalog').click()
  await expect(page).toHaveURL(/\/services\/catalog\?range=15m/)
})

// The filter and the sort are in the address, so that a link shows the same list.
test('filter and sort', async ({ page }) => {
  await page.goto('/services')
  await listed(page, 'catalog').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('ca')
  await expect(listed(page, 'payments')).toBeHidden()
  await expect(page).toHaveURL(/filter=ca/)
  await page.getByRole('button', { name: 'Volume rps' }).click()
  await expect(page.getByRole('columnheader', { name: 'Volume rps' })).toHaveAttribute('aria-sort', 'descending')
  await page.reload()
  await expect(page.getByRole('searchbox')).toHaveValue('ca')
  await page.getByRole('searchbox').fill('nothing-of-this-name')
  await expect(page.getByRole('heading', { name: 'No service matches' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(listed(page, 'payments')).toBeVisible()
})

// Who turns single keys off in the menu has them off on every page, also after a reload.
test('single-key shortcuts can be turned off', async ({ page }) => {
  await page.goto('/services')
  await listed(page, 'catalog').waitFor()
  await page.getByRole('button', { name: 'Account and theme' }).first().click()
  await page.getByRole('menuitemcheckbox', { name: 'Single-key shortcuts' }).click()
  await expect
    .poll(async () => (await page.context().cookies()).find((cookie) => cookie.name === 'heddle-shortcuts')?.value)
    .toBe('off')
  await page.reload()
  await listed(page, 'catalog').waitFor()
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox')).not.toBeFocused()
})

// Numbers move without a reload: the calls of a service that has traffic rise.
test('the list is live', async ({ page }) => {
  await page.goto('/services/storefront?range=15m')
  const calls = page.getByText(/failed of [\d,]+/).first()
  await expect(calls).toBeVisible()
  const first = await calls.textContent()
  await expect(calls).not.toHaveText(first ?? '', { timeout: 45_000 })
  await expect(page.getByText('live', { exact: true })).toBeVisible()
})
