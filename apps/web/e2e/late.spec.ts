// Menus that are loaded when somebody is about to use them answer as if they had always been there.
import { expect, test } from './console.ts'
import { openSplit } from './split.ts'

test('the menu of the account opens by mouse and by keys', async ({ page }) => {
  await page.goto('/services')
  const button = page.getByRole('button', { name: 'Account and theme' }).first()
  await button.click()
  await expect(page.getByRole('menuitemradio', { name: 'Dark' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(button).toBeFocused()

  await page.reload()
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitemradio', { name: 'Like the system' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitemradio', { name: 'Light' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(button).toBeFocused()
})

test('the time range is chosen by keys', async ({ page }) => {
  await page.goto('/services')
  await page.getByRole('button', { name: /^Time range/ }).focus()
  await page.keyboard.press('Enter')
  const choice = page.getByRole('button', { name: 'Last 6 h' })
  await expect(choice).toBeVisible()
  await choice.press('Enter')
  await expect(page).toHaveURL(/range=6h/)
  await expect(page.getByRole('button', { name: /^Time range/ })).toContainText('Last 6 h')
})

test('More leads on from the bar of a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/services')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Map' }).click()
  await expect(page).toHaveURL(/\/map/)
})

test('what is typed while a list is loaded is looked for', async ({ page }) => {
  await openSplit(page)
  const { promise: loaded, resolve: load } = Promise.withResolvers<void>()
  await page.route('**/_next/static/chunks/**', async (route) => {
    await loaded
    await route.continue()
  })
  await page.getByRole('combobox', { name: 'Add a backend', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('ship')
  load()
  await expect(page.getByRole('option').first()).toHaveText(/^shipping · \d of \d ready/)
  await expect(page.getByRole('combobox', { name: 'Find: Add a backend' })).toHaveValue('ship')
})

test('what is typed on the button of a list is looked for, open or not', async ({ page }) => {
  await openSplit(page)
  const button = page.getByRole('combobox', { name: 'Add a backend', exact: true })
  const field = page.getByRole('combobox', { name: 'Find: Add a backend' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(button).toBeFocused()
  // In one task: the field cannot be drawn and take the focus in between.
  await button.evaluate((element) => {
    for (const key of 'ship')
      element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  })
  await expect(field).toHaveValue('ship')
  await expect(field).toBeFocused()
  await page.keyboard.type('ping')
  await expect(field).toHaveValue('shipping')
  await expect(page.getByRole('option').first()).toHaveText(/^shipping · \d of \d ready/)
})
