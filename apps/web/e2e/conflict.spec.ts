import { test as base, expect } from '@playwright/test'
import { ADMIN, SIGNED_IN } from './console.ts'
import { comeIn, newName } from './people.ts'
import { applySplit, box, openSplit, slider } from './split.ts'

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

// Two operators at one split, of whom one adds a backend: each sees the other's change without asking for it, and the
// second's own, put on top of the newest, takes nothing of the first's away unseen.
test('two operators, one after the other', async ({ page, browser }) => {
  await openSplit(page)
  const was = await box(page, 'catalog-v2').inputValue()
  await using ben = await comeIn(page, browser, newName('ben'), 'operator')
  await openSplit(ben.page)
  const mine = was === '30' ? '40' : '30'
  await box(page, 'catalog-v2').fill(mine)
  await page.getByRole('button', { name: /^Review \d/ }).click()

  await ben.page.getByRole('combobox', { name: 'Add a backend', exact: true }).click()
  await ben.page.getByRole('option', { name: /^cart · / }).click()
  await box(ben.page, 'cart').fill('1')
  await applySplit(ben.page)

  await page.getByRole('button', { name: /^Apply .* split$/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(`${ben.name} changed this route`)
  await expect(dialog).toContainText('cart 1')
  await dialog.getByRole('button', { name: /^Review mine on top of r/ }).click()
  await expect(dialog.getByRole('region', { name: 'Difference' })).toContainText(`weight: ${mine}`)
  await expect(dialog).toContainText('0 rps will go to cart')
  await dialog.getByRole('button', { name: /^Apply .* split$/ }).click()
  await expect(dialog).toBeHidden()
  await expect(box(page, 'cart')).toHaveValue('0')
  await expect(box(page, 'catalog-v2')).toHaveValue(mine)

  await expect(box(ben.page, 'catalog-v2')).toHaveValue(mine)
  await expect(slider(ben.page, 'cart')).toHaveAttribute('aria-valuetext', '0 percent')
  await expect(ben.page.getByRole('button', { name: /^Undo/ }).last()).toBeDisabled()

  await ben.page.getByRole('button', { name: 'Take cart out of the split' }).click()
  await box(ben.page, 'catalog-v2').fill(was)
  await applySplit(ben.page)
  await expect(box(page, 'cart')).toHaveCount(0)
  await expect(box(page, 'catalog-v2')).toHaveValue(was)
})
