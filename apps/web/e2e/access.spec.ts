import type { Page } from '@playwright/test'
import { ADMIN, expect, expectAccessible, test } from './console.ts'

/** Writes a rule about storefront's calls to catalog, up to its button. */
async function write(page: Page, name: string): Promise<void> {
  await page.goto('/access')
  await page.getByRole('button', { name: 'Write a rule' }).click()
  await page.getByRole('button', { name: 'caller' }).click()
  await page.getByRole('menuitem', { name: 'storefront' }).click()
  await page.getByRole('button', { name: 'method' }).click()
  await page.getByRole('menuitem', { name: 'GET' }).click()
  await page.getByRole('button', { name: 'path', exact: true }).click()
  await page.getByRole('textbox', { name: 'Path' }).fill('/products')
  await page.getByRole('combobox', { name: 'Service' }).click()
  await page.getByRole('option', { name: 'catalog', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
}

// A rule is written as a sentence in audit mode, edited in place, and deleted; each step is a change.
test('a rule from first word to last', async ({ page }) => {
  const name = `catalog-readers-${Date.now() % 100_000}`
  await write(page, name)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Add rule, auditing' }).click()

  const rule = page.getByRole('button', { name: new RegExp(name) })
  await expect(rule).toContainText('audit')
  await expect(rule).toContainText('storefront')

  await rule.click()
  await page.getByRole('button', { name: 'caller' }).click()
  await page.getByRole('menuitem', { name: 'cart', exact: true }).click()
  await page.getByRole('button', { name: 'Save, auditing' }).click()
  await expect(page.getByRole('button', { name: 'Save, auditing' })).toBeHidden()
  await expect(rule).toContainText('cart')

  await rule.click()
  await page.getByRole('button', { name: 'Delete rule' }).click()
  // A toast behind a dialog is no part of what axe should judge.
  await expect(page.getByText(/^Saved /)).toBeHidden()
  await expectAccessible(page)
  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await expect(rule).toBeHidden()

  await page.goto('/changes')
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: name })).toHaveCount(3)
})

// What is missing is said before anything is sent.
test('a rule without callers', async ({ page }) => {
  await page.goto('/access?rule=%2B')
  await page.getByRole('button', { name: /^Add rule/ }).click()
  await expect(page.getByRole('main').getByRole('alert')).toHaveText('Name at least one caller.')
})

// What one is writing stays where it is while filters and other people change the list.
test('an open rule stays', async ({ page }) => {
  const name = `catalog-kept-${Date.now() % 100_000}`
  await write(page, name)
  await page.getByRole('button', { name: 'Add rule, auditing' }).click()
  await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.getByRole('button', { name: 'caller' }).click()
  await page.getByRole('menuitem', { name: 'cart', exact: true }).click()
  await page.getByRole('searchbox', { name: 'Filter rules' }).fill('no rule reads like this')
  await expect(page.getByRole('button', { name: 'Take out cart' })).toBeVisible()

  const other = await page.context().newPage()
  await other.goto(`/access?rule=${name}`)
  await other.getByRole('button', { name: 'Delete rule' }).click()
  await other.getByRole('button', { name: `Delete ${name}` }).click()
  await expect(other.getByRole('button', { name: new RegExp(name) })).toBeHidden()
  await other.close()

  await expect(page.getByText(`${name} was deleted by ${ADMIN.name}`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Take out cart' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: new RegExp(name) })).toBeHidden()
})
