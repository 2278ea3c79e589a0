import { test as base, expect } from '@playwright/test'
import { ADMIN, SIGNED_IN } from './console.ts'

// Without the quiet console: a browser reports the refusal (409) as an error of its own.
const test = base
test.use({ storageState: SIGNED_IN })

// Of two people who edit one split, the second is refused and sees what the first made of it.
test('somebody else was faster', async ({ page, browser, baseURL }) => {
  const url = `${baseURL}/services/catalog/traffic`
  const other = await (await browser.newContext({ storageState: SIGNED_IN })).newPage()
  await page.goto(url)
  await other.goto(url)
  const v2 = 'catalog-v2, percent'
  const was = await page.getByRole('textbox', { name: v2 }).inputValue()
  const theirs = was === '15' ? 25 : 15
  await page.getByRole('textbox', { name: v2 }).fill('40')
  await page.getByRole('button', { name: 'Review 60 / 40' }).click()

  await other.getByRole('textbox', { name: v2 }).fill(String(theirs))
  await other.getByRole('button', { name: /^Review \d/ }).click()
  await other.getByRole('button', { name: /^Apply .* split$/ }).click()
  await expect(other.getByText(/^Applied .* to /)).toBeVisible()

  await page.getByRole('button', { name: 'Apply 60 / 40 split' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(`${ADMIN.name} changed this route`)
  await expect(dialog).toContainText('Yours was not applied')
  await expect(dialog).toContainText(`${100 - theirs} / ${theirs}`)
  await dialog.getByRole('button', { name: 'Discard mine' }).click()
  await expect(page.getByRole('textbox', { name: v2 })).toHaveValue(String(theirs))

  await other.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(other.getByRole('textbox', { name: v2 })).toHaveValue(was)
  await other.context().close()
})
