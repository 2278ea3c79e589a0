import type { Page } from '@playwright/test'
import { ADMIN, expect, expectAccessible, test } from './console.ts'

/** Chooses from a field that is found by typing. */
async function pick(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).click()
  await page.getByRole('combobox', { name: `Find: ${field}` }).fill(option)
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** Writes a rule about storefront's calls to catalog, up to its button. */
async function write(page: Page, name: string): Promise<void> {
  await page.goto('/access')
  await page.getByRole('button', { name: 'Write a rule' }).click()
  await pick(page, 'Add caller', 'storefront')
  await pick(page, 'Add method', 'GET')
  await page.getByRole('button', { name: 'path', exact: true }).click()
  await page.getByRole('textbox', { name: 'Path', exact: true }).fill('/products')
  await pick(page, 'Service', 'catalog')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
}

const deleteRule = async (page: Page, name: string) => {
  await page.getByRole('button', { name: 'Delete rule' }).click()
  await page.getByRole('button', { name: `Delete ${name}` }).click()
}

// A rule is previewed, saved in audit mode, asked about, enforced after a review, and deleted; each step is a change.
test('a rule from first word to last', async ({ page }) => {
  const name = `catalog-readers-${Date.now() % 100_000}`
  await write(page, name)
  const preview = page.getByRole('region', { name: 'Preview' })
  await expect(preview).toContainText('if it were enforced')
  await expect(preview).toContainText(/calls? (is|are) left alone/)
  await expect(preview).toHaveAttribute('aria-busy', 'false')
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('button', { name: 'Add rule, auditing' }).click()

  const rule = page.getByRole('button', { name: new RegExp(name) })
  await expect(rule).toContainText('audit')
  await expect(rule).toContainText('storefront')

  await page.goto('/access?caller=storefront&method=GET&path=/products&on=catalog')
  const tester = page.getByRole('region', { name: 'Ask before you call' })
  await expect(tester).toContainText('Yes.')
  await expect(tester).toContainText(name)

  await rule.click()
  await page.getByRole('button', { name: 'Enforce…' }).click()
  const review = page.getByRole('dialog')
  await expect(review).toContainText(`Enforce the rule ${name}?`)
  // A toast behind a dialog is no part of what axe should judge.
  await expect(page.getByText(/^Added /)).toBeHidden({ timeout: 15_000 })
  await expectAccessible(page)
  await review.getByRole('button', { name: `Enforce ${name}` }).click()
  await expect(page.getByText(`Enforced ${name}`)).toBeVisible()
  await expect(rule).toContainText('enforce')
  await expect(tester.getByText('decides', { exact: true })).toBeVisible()

  await rule.click()
  await deleteRule(page, name)
  await expect(rule).toBeHidden()

  await page.goto('/changes')
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: name })).toHaveCount(3)
})

// What is missing is said before anything is sent, and what does not exist as one writes.
test('mistakes are said as one writes', async ({ page }) => {
  await page.goto('/access?rule=%2B')
  await expect(page.getByRole('button', { name: /^Add rule/ })).toBeDisabled()
  await pick(page, 'Service', 'catalog')
  await page.getByRole('button', { name: /^Add rule/ }).click()
  const alert = page.getByRole('main').getByRole('alert')
  await expect(alert).toHaveText('Name at least one caller.')
  await page.getByRole('combobox', { name: 'Add caller', exact: true }).click()
  await page.getByRole('combobox', { name: 'Find: Add caller' }).fill('storefrnt')
  await page.getByRole('option', { name: /storefrnt/ }).click()
  await expect(page.getByText('there is no service "storefrnt" (yet), did you mean "storefront"?')).toBeVisible()
  await page.getByRole('button', { name: 'path', exact: true }).click()
  await page.getByRole('textbox', { name: 'Path', exact: true }).fill('products')
  await expect(alert).toContainText('must begin with "/"')
})

// The matrix is one stop for the Tab key; arrows walk it, Enter asks about the square, and the answer follows.
test('the matrix and the tester by keys alone', async ({ page }) => {
  await page.goto('/access')
  const grid = page.getByRole('grid')
  await grid.locator('[tabindex="0"]').focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowUp')
  await expect(grid.locator('[data-place="-1,0"]')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  const cell = grid.locator('[data-place="0,1"]')
  await expect(cell).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(cell).toHaveAttribute('aria-pressed', 'true')
  const tester = page.getByRole('region', { name: 'Ask before you call' })
  await expect(tester).toContainText(/Yes\.|No\./)
  await expect(tester).toContainText('Mesh default')
  // Asked is what that caller really calls, and the answer says how often.
  const square = (await cell.getAttribute('aria-label')) ?? ''
  if (square.includes(' called ')) await expect(tester.getByText(/[1-9][\d,]*\ssuch call/)).toBeVisible()
  await expectAccessible(page)
})

// On a phone the matrix is "who calls X", and a row asks the tester.
test('on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/access')
  await expect(page.getByRole('grid')).toBeHidden()
  await pick(page, 'Service to look at', 'payments')
  await page.getByRole('button', { name: /^checkout/ }).click()
  await expect(page.getByRole('region', { name: 'Ask before you call' })).toContainText('payments-from-checkout')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await expectAccessible(page)
})

// What one is writing stays where it is while filters and other people change the list.
test('an open rule stays', async ({ page }) => {
  const name = `catalog-kept-${Date.now() % 100_000}`
  await write(page, name)
  await page.getByRole('button', { name: 'Add rule, auditing' }).click()
  await page.getByRole('button', { name: new RegExp(name) }).click()
  await pick(page, 'Add caller', 'cart')
  await page.getByRole('searchbox', { name: 'Filter rules' }).fill('no rule reads like this')
  await expect(page.getByRole('button', { name: 'Take out cart' })).toBeVisible()

  const other = await page.context().newPage()
  await other.goto(`/access?rule=${name}`)
  await deleteRule(other, name)
  await expect(other.getByRole('button', { name: new RegExp(name) })).toBeHidden()
  await other.close()

  await expect(page.getByText(`${name} was deleted by ${ADMIN.name}`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Take out cart' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: new RegExp(name) })).toBeHidden()
})
