import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './console.ts'

// Beside the routes of shipping: a first route of a service would close it for every other path.
const NAME = 'e2e-beta'

async function open(page: Page): Promise<void> {
  await page.goto('/services/shipping/traffic')
  await expect(page.getByRole('button', { name: 'Add route' })).toBeEnabled()
}

/** Opens the rule of that name, and answers the part of the page that it opened. */
async function openRule(page: Page): Promise<void> {
  const rule = page.getByRole('button', { name: /GET \/e2e/ })
  if ((await rule.getAttribute('aria-expanded')) !== 'true') await rule.click()
  await expect(page.getByRole('button', { name: 'Edit route' })).toBeVisible()
}

// A route with a timeout and a retry is made by hand, asked about, edited as fields and as YAML, and deleted; the service
// is then as it was.
test('a new route made by hand', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: 'Add route' }).click()
  const editor = page.getByRole('region', { name: 'New route' })
  await editor.getByRole('combobox', { name: 'Method', exact: true }).click()
  await page.getByRole('option', { name: 'GET', exact: true }).click()
  await editor.getByRole('textbox', { name: 'Path', exact: true }).fill('e2e')
  await editor.getByRole('button', { name: 'Review route' }).click()
  await expect(editor.getByText(/must begin with "\/"/)).toBeVisible()
  await editor.getByRole('textbox', { name: 'Path', exact: true }).fill('/e2e')
  await expect(editor.getByText('GET /e2e', { exact: true })).toBeVisible()
  await editor.getByRole('textbox', { name: 'Whole request, with retries' }).fill('2s')
  await editor.getByRole('checkbox', { name: /Ask again/ }).check()
  await editor.getByRole('textbox', { name: 'Repeats at most' }).fill('2')
  await editor.getByRole('textbox', { name: 'Name of the rule' }).fill(NAME)
  await expectAccessible(page)
  await editor.getByRole('button', { name: 'Review route' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('region', { name: 'Difference' })).toContainText('request: 2s')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Add route' }).click()
  await expect(page.getByRole('button', { name: /GET \/e2e/ })).toBeVisible()
  // How far it has spread is told as of a split: by how many of the proxies that hold it.
  await expect(page.getByRole('region', { name: /^After r/ }).getByText(/^(\d+)\/\1$/)).toBeVisible()

  const box = page.getByRole('region', { name: 'Which route would a request take?' })
  await box.getByRole('textbox', { name: 'Path of the request' }).fill('/e2e/1')
  await box.getByRole('button', { name: 'Tell' }).click()
  await expect(box).toContainText(`is taken by shipping/${NAME}`)

  await openRule(page)
  await page.getByRole('button', { name: 'Edit route' }).click()
  const edit = page.getByRole('region', { name: `Edit ${NAME}` })
  await expect(edit.getByRole('textbox', { name: 'Whole request, with retries' })).toHaveValue('2s')
  await edit.getByRole('button', { name: 'YAML' }).click()
  const yaml = edit.getByRole('textbox', { name: 'HTTPRoute as YAML' })
  await yaml.fill((await yaml.inputValue()).replace('request: 2s', 'request: 3s'))
  await edit.getByRole('button', { name: 'Form' }).click()
  await expect(edit.getByRole('textbox', { name: 'Whole request, with retries' })).toHaveValue('3s')
  await edit.getByRole('button', { name: 'Review route' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Apply route' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()

  await openRule(page)
  await expect(page.getByRole('main')).toContainText('timeout 3')
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete route' }).click()
  await expect(page.getByRole('button', { name: /GET \/e2e/ })).toBeHidden()
})
