import { expect, expectAccessible, test } from './console.ts'

// A service is made before anything runs under its name, edited, and deleted; a mistake is said at its field.
test('a service from first to last', async ({ page }) => {
  const name = `made-${Date.now() % 100_000}`
  await page.goto('/services')
  await page.getByRole('button', { name: 'New service' }).click()
  const form = page.getByRole('form', { name: 'New service' })
  await form.getByRole('textbox', { name: 'Name of the service' }).fill('<script>')
  await form.getByRole('button', { name: 'Review service' }).click()
  await expect(form.getByText(/must be 1 to 63 of a-z/)).toBeVisible()
  await form.getByRole('textbox', { name: 'Name of the service' }).fill(name)
  await form.getByRole('textbox', { name: 'Owner' }).fill('browser-tests')
  await expectAccessible(page)
  await form.getByRole('button', { name: 'Review service' }).click()
  await expectAccessible(page)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Make ${name}` })
    .click()
  await expect(page).toHaveURL(new RegExp(`/services/${name}/settings`))

  const settings = page.getByRole('form', { name: `Settings of ${name}` })
  await settings.getByRole('textbox', { name: 'All callers' }).fill('5')
  await settings.getByRole('button', { name: 'Review settings' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('region', { name: 'Difference' })).toContainText('requestsPerSecond: 5')
  await dialog.getByRole('button', { name: 'Apply settings' }).click()
  await expect(dialog).toBeHidden()

  await page.getByRole('button', { name: 'Delete service' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Delete ${name}` })
    .click()
  await expect(page).toHaveURL(/\/services(\?|$)/)
})

// What depends on a service is said before, and keeps it.
test('a service that others need', async ({ page }) => {
  await page.goto('/services/catalog/settings')
  await page.getByRole('button', { name: 'Delete service' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('catalog cannot be deleted yet')
  await expect(dialog).toContainText('HTTPRoute catalog')
  await expect(dialog.getByRole('button', { name: 'Delete catalog' })).toBeDisabled()
  await expectAccessible(page)
})
