import type { Page } from '@playwright/test'
import { trafficGetOutputSchema } from '../src/server/schemas/traffic.ts'
import { change, read } from './api.ts'
import { ADMIN, expect, expectAccessible, test } from './console.ts'
import { box, openSplit, slider, splitTo } from './split.ts'

// Keys, the number box, its buttons and the mouse all move the same draft, and the total stays 100.
test('every way of moving a share', async ({ page }) => {
  await splitTo(page, 10)
  await openSplit(page)
  await slider(page, 'catalog-v2').focus()
  await page.keyboard.press('ArrowRight')
  await expect(box(page, 'catalog-v2')).toHaveValue('11')
  await expect(box(page, 'catalog-v1')).toHaveValue('89')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(box(page, 'catalog-v2')).toHaveValue('21')
  await page.getByRole('button', { name: 'catalog-v2, percent, less' }).click()
  await expect(box(page, 'catalog-v2')).toHaveValue('20')
  await box(page, 'catalog-v1').fill('65')
  await expect(box(page, 'catalog-v2')).toHaveValue('35')

  const handle = await slider(page, 'catalog-v2').locator('..').boundingBox()
  if (handle === null) throw new Error('the slider has no place on the page')
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2)
  await page.mouse.down()
  await page.mouse.move(handle.x + handle.width / 2 + 60, handle.y + handle.height / 2, { steps: 5 })
  await page.mouse.up()
  const dragged = Number(await box(page, 'catalog-v2').inputValue())
  expect(dragged).toBeGreaterThan(40)
  await expect(box(page, 'catalog-v1')).toHaveValue(String(100 - dragged))
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(box(page, 'catalog-v2')).toHaveValue('10')
})

// Applied, seen to be acknowledged by every proxy, undone from the toast: both stand under Changes with the right name.
test('shift traffic, then undo', async ({ page }) => {
  await splitTo(page, 10)
  await openSplit(page)
  await slider(page, 'catalog-v2').focus()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await page.getByRole('button', { name: 'Review 70 / 30' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(/Send 30.% of .*\/products.* to catalog-v2\?/)
  await expect(dialog.getByRole('region', { name: 'Difference' })).toContainText('weight: 30')
  await dialog.getByRole('button', { name: 'Command' }).click()
  await expect(dialog).toContainText('heddle apply -f -')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Apply 70 / 30 split' }).click()
  await expect(page.getByText(/^Applied .* to /)).toBeVisible()
  await expect(page.getByText(/^(\d+)\/\1$/).first()).toBeVisible()
  await expect(box(page, 'catalog-v2')).toHaveValue('30')

  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(box(page, 'catalog-v2')).toHaveValue('10')

  await page.goto('/changes')
  const list = page.getByRole('main').getByRole('listitem')
  await expect(list.first()).toContainText(ADMIN.name)
  await expect(list.nth(1)).toContainText(ADMIN.name)
  await expect(list.nth(1)).toContainText('10 → 30')
  // Everybody who holds the route has acknowledged it, and how the calls before it did is there to compare with.
  await expect(list.nth(1)).toContainText(/acknowledged by (\d+)\/\1/)
  await expect(list.nth(1)).toContainText(/success before and after, percent: \d+\.\d\d →/)
})

// A change can be taken back later, with a preview of what that will do.
test('revert under Changes', async ({ page }) => {
  await splitTo(page, 10)
  await splitTo(page, 20)
  await page.goto('/changes')
  const newest = page.getByRole('main').getByRole('listitem').first()
  await newest.getByRole('button').first().click()
  await expect(newest.getByRole('region', { name: 'What reverting it would do now' })).toContainText('weight: 10')
  await expectAccessible(page)
  await newest.getByRole('button', { name: /^Revert r/ }).click()
  await expect(page.getByText(/is reverted, as r/)).toBeVisible()
  await openSplit(page)
  await expect(box(page, 'catalog-v2')).toHaveValue('10')
})

// Rolling back is one click and a confirmation away, whatever the draft says.
test('roll back to nothing', async ({ page }) => {
  await splitTo(page, 10)
  await openSplit(page)
  await page.getByRole('button', { name: /^Roll back catalog-v2 to 0.%/ }).click()
  await page.getByRole('button', { name: 'Apply 100 / 0 split' }).click()
  await expect(box(page, 'catalog-v2')).toHaveValue('0')
  await splitTo(page, 10)
})

/** Stores weights that no whole percents mean, as `heddle apply` may. */
async function store(page: Page, weights: Record<string, number>): Promise<void> {
  const { rules } = await read(page, 'traffic.get', { service: 'catalog' }, trafficGetOutputSchema)
  const rule = rules.find(({ backends }) => backends.length > 1)
  if (rule === undefined) throw new Error('no route of catalog is split')
  await change(page, 'traffic.setWeights', {
    route: rule.route,
    rule: rule.rule,
    resourceVersion: rule.resourceVersion,
    weights: Object.entries(weights).map(([backend, weight]) => ({ backend, weight })),
  })
}

// A canary of one in a thousand reads as less than one percent, not as nothing, and can be taken back.
test('a canary below one percent', async ({ page }) => {
  await openSplit(page)
  await store(page, { 'catalog-v1': 999, 'catalog-v2': 1 })
  await openSplit(page)
  await expect(slider(page, 'catalog-v2')).toHaveAttribute('aria-valuetext', 'less than 1 percent')
  await expect(page.getByText('<1', { exact: true }).first()).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: /^Roll back catalog-v2 to 0.%/ }).click()
  await page.getByRole('button', { name: 'Apply 100 / 0 split' }).click()
  await expect(slider(page, 'catalog-v2')).toHaveAttribute('aria-valuetext', '0 percent')
  await expect(page.getByRole('button', { name: /^Roll back catalog-v2/ })).toBeDisabled()
  await splitTo(page, 10)
})
