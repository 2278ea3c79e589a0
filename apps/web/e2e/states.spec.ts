import { test as base, expect } from '@playwright/test'
import { SIGNED_IN } from './console.ts'

// Without the quiet console: a browser reports each failed request as an error of its own.
const test = base
test.use({ storageState: SIGNED_IN })

// A panel that cannot be read says why, with a way to try again, and is there again when it can: by itself, since what is
// live is read again anyway.
test('a panel that failed', async ({ page }) => {
  await page.route(/proxies\.list/, (route) => route.abort())
  await page.goto('/proxies')
  const alert = page.getByRole('main').getByRole('alert')
  await expect(alert).toContainText('The proxies could not be read.', { timeout: 60_000 })
  const again = page.waitForRequest(/proxies\.list/)
  await alert.getByRole('button', { name: 'Try again' }).click()
  await again
  await page.unroute(/proxies\.list/)
  await expect(page.getByRole('main')).toContainText('newest revision', { timeout: 60_000 })
})

// A filter that hides everything says that everything is still there, and takes itself away.
test('a filter that hides all', async ({ page }) => {
  await page.goto('/proxies?filter=no-proxy-is-called-so')
  await expect(page.getByRole('heading', { name: 'No proxy matches' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await page.goto('/changes?filter=no-change-says-so')
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible()
})
