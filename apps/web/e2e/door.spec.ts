import { ADMIN, expect, test } from './console.ts'

test.use({ storageState: { cookies: [], origins: [] } })

// A spent link says so, and leads to the sign-in.
test('a used link is spent', async ({ page }) => {
  const link = process.env.HEDDLE_E2E_SETUP_LINK
  test.skip(link === undefined || link === '', 'no link was given')
  await page.goto(link ?? '')
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
})

// Signing out ends the session: the way back leads to the sign-in.
test('signing out', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('Name').fill(ADMIN.name)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/services/)
  await page.getByRole('button', { name: 'Account and theme' }).first().click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  await page.goto('/services')
  await expect(page).toHaveURL(/\/sign-in/)
})
