// The way in: the one-time link makes the first admin, who can then sign out and in again.
import { ADMIN, expect, expectAccessible, SIGNED_IN, test as setup } from './console.ts'

const link = process.env.HEDDLE_E2E_SETUP_LINK

// Whoever follows the link that the first start printed is admin a minute later, and the link is spent.
setup('the first admin comes in by the one-time link', async ({ page }) => {
  setup.skip(link === undefined || link === '', 'no link: the mesh has its admin already')
  if (link === undefined) return
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Make the first admin' })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Name').fill(ADMIN.name)
  await page.getByLabel('Password').fill('short')
  await expect(page.getByRole('button', { name: 'Make admin and open the console' })).toBeDisabled()
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Make admin and open the console' }).click()
  await expect(page).toHaveURL(/\/services/)
  await expect(page.getByText('admin', { exact: true }).first()).toBeVisible()
})

// A wrong password is refused in words; the right one leads to the page that was asked for.
setup('signing in', async ({ page }) => {
  await page.goto('/access')
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccess/)
  await expectAccessible(page)
  await page.getByLabel('Name').fill(ADMIN.name)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/access/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.context().storageState({ path: SIGNED_IN })
})
