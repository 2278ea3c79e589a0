import { expect, expectAccessible, test } from './console.ts'
import { applySplit, box, openSplit, slider } from './split.ts'

// A backend comes in with nothing and can be moved at once; its row goes again without a trace.
test('a backend is added by keys, moved, and taken out again', async ({ page }) => {
  await openSplit(page)
  const was = await box(page, 'catalog-v1').inputValue()
  await page.getByRole('combobox', { name: 'Add a backend', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('ship')
  await expect(page.getByRole('option').first()).toHaveText(/^shipping · \d of \d ready/)
  // Enter takes what is marked.
  await expect(page.getByRole('option').first()).toHaveAttribute('data-highlighted')
  await page.keyboard.press('Enter')
  await expect(box(page, 'shipping')).toHaveValue('0')
  await expect(box(page, 'catalog-v1')).toHaveValue(was)
  await expect(page.getByText('Adds shipping.')).toBeVisible()
  await slider(page, 'shipping').focus()
  await page.keyboard.press('Shift+ArrowRight')
  await expect(box(page, 'shipping')).toHaveValue('10')
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Take shipping out of the split' }).focus()
  await page.keyboard.press('Enter')
  await expect(box(page, 'shipping')).toHaveCount(0)
  await expect(box(page, 'catalog-v1')).toHaveValue(was)
  await expect(page.getByRole('combobox', { name: 'Add a backend', exact: true })).toBeFocused()
  await expect(page.getByRole('button', { name: /^Review/ })).toBeDisabled()
})

// Taking a backend out deals its share to the others before one's eyes, is reviewed like every other change, stands in the
// route afterwards, and comes back with Undo.
test('a backend is taken out, applied, and undone', async ({ page }) => {
  await openSplit(page)
  await box(page, 'catalog-v2').fill('30')
  await page.getByRole('button', { name: 'Take catalog-v2 out of the split' }).click()
  await expect(page.getByText('Takes out catalog-v2.')).toBeVisible()
  await expect(box(page, 'catalog-v1')).toHaveValue('100')
  await expect(slider(page, 'catalog-v2')).toBeDisabled()
  const last = page.getByRole('button', { name: 'Take catalog-v1 out of the split' })
  await expect(last).toHaveAccessibleDescription(/its last one/)
  await last.press('Enter')
  await expect(box(page, 'catalog-v1')).toHaveValue('100')

  await page.getByRole('button', { name: 'Put catalog-v2 back' }).click()
  await expect(box(page, 'catalog-v2')).not.toHaveValue('0')
  await page.getByRole('button', { name: 'Take catalog-v2 out of the split' }).click()
  await page.getByRole('button', { name: 'Review 100' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Takes out catalog-v2.')
  await expect(dialog.getByRole('region', { name: 'Difference' })).toContainText('catalog-v2')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Keep editing' }).click()
  await applySplit(page)
  await expect(box(page, 'catalog-v2')).toHaveCount(0)

  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(box(page, 'catalog-v2')).toBeVisible()
})
