import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './console.ts'

const words = (page: Page) => page.getByRole('dialog', { name: 'Find or do' }).getByRole('combobox')

async function open(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await words(page).fill(typed)
}

// Whatever one looks for is a few letters and Enter away, with the range that one had.
test('find a service by keys alone', async ({ page }) => {
  await page.goto('/services?range=6h')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await open(page, 'payme')
  await expect(page.getByRole('option').first()).toContainText('payments')
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/services\/payments\?range=6h/)
})

// Its code is loaded on first use; who types on while it is must find every letter in it, and has pressed no shortcut.
test('what is typed before the palette is there', async ({ page }) => {
  await page.goto('/changes')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const loading = Promise.withResolvers<void>()
  let asked = 0
  await page.route('**/*.js', async (route) => {
    asked++
    await loading.promise
    await route.continue()
  })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('paym')
  await expect.poll(() => asked).toBeGreaterThan(0)
  loading.resolve()
  await expect(words(page)).toBeFocused()
  await page.keyboard.type('ents')
  await expect(words(page)).toHaveValue('payments')
  await expect(page).toHaveURL(/\/changes/)
})

// The answer takes a moment; what stands there until then fits, and Enter waits for what comes.
test('what is not looked for goes before the answer comes', async ({ page }) => {
  await page.goto('/changes')
  await open(page, '')
  await expect(page.getByRole('option').first()).toContainText('cart')
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  await page.route('**/search.find*', async (route) => {
    await answered
    await route.continue()
  })
  await words(page).fill('cat')
  await expect(page.getByRole('option').first()).toContainText('catalog')
  await expect(page.getByRole('option', { name: /^payments/ })).toHaveCount(0)
  await words(page).fill('paym')
  await page.keyboard.press('Enter')
  await expect(words(page)).toBeVisible()
  answer()
  await expect(page).toHaveURL(/\/services\/payments/)
})

// What can be made can be made from anywhere.
test('make a service or a rule from any page', async ({ page }) => {
  await page.goto('/proxies')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await open(page, 'new service')
  await page.getByRole('option', { name: 'New service' }).click()
  await expect(page).toHaveURL(/\/services\?.*new=service/)
  await expect(page.getByRole('textbox', { name: 'Name of the service' })).toBeVisible()
  await open(page, 'write a rule')
  await page.getByRole('option', { name: 'Write a rule' }).click()
  await expect(page.getByRole('combobox', { name: 'Add caller', exact: true })).toBeVisible()
})

// Escape closes it, and the focus is where it was.
test('close the palette', async ({ page }) => {
  await page.goto('/changes')
  const search = page.getByRole('searchbox')
  await search.focus()
  await open(page, 'x')
  await page.keyboard.press('Escape')
  await expect(words(page)).toBeHidden()
  await expect(search).toBeFocused()
})
