import { test as base, expect } from '@playwright/test'
import { ADMIN } from './console.ts'

// Without the quiet console: a browser reports every 401 as an error of its own.
const test = base
test.use({ storageState: { cookies: [], origins: [] } })

// A wrong password is refused in words that tell neither which of the two was wrong, and that are read out; the name
// stays, and the cursor is where one types again.
test('a wrong password', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('Name').fill(ADMIN.name)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Name or password is wrong.' })).toBeVisible()
  await expect(page.getByLabel('Password')).toBeFocused()
  await expect(page.getByLabel('Name')).toHaveValue(ADMIN.name)
})
