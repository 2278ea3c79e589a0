import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './console.ts'

const ROUTE = '/services/catalog/routes/catalog/products'
const charts = (page: Page) => page.getByRole('region', { name: 'Success, volume and latency' })
const cursor = (page: Page) => page.getByRole('slider', { name: 'Moment in the charts' })

/** Until the numbers stand still, a table and a cursor can be compared. */
async function openFrozen(page: Page, address: string): Promise<void> {
  const to = Math.floor((Date.now() - 60_000) / 10_000) * 10_000
  await page.goto(`${address}?from=${to - 600_000}&to=${to}`)
  await expect(charts(page).locator('canvas').first()).toBeVisible()
}

// An incident is found in three presses: the service, its worst route, and the mark of the change above the charts.
test('an incident in three clicks', async ({ page }) => {
  await page.goto('/services?range=6h')
  await page
    .getByRole('region', { name: 'Services', exact: true })
    .getByRole('link', { name: 'catalog', exact: true })
    .click()
  await page.getByRole('region', { name: 'Routes' }).getByRole('link').filter({ hasText: '/products' }).first().click()
  await expect(page).toHaveURL(/\/services\/catalog\/routes\/catalog\/products\?range=6h/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('/products')
  // What the charts show is said in one sentence, with the sample or, where it is slow, with the objective.
  await expect(
    page
      .getByRole('banner')
      .or(page.getByRole('main'))
      .getByText(/in the last 15|p99 [\d.,]+\sm?s > /)
      .first(),
  ).toBeVisible()
  const mark = charts(page).getByRole('link').last()
  await expect(mark).toHaveAttribute('href', /\/changes\?open=\d+/)
  await mark.click()
  await expect(page).toHaveURL(/\/changes\?open=\d+/)
})

// Four plots on one cursor, read by keyboard; each number that is read stands in the table too.
test('the cursor and the table say the same', async ({ page }) => {
  await openFrozen(page, ROUTE)
  await expect(charts(page).locator('canvas')).toHaveCount(4)
  await cursor(page).focus()
  // At the end, where there is traffic: a mesh that is made for its tests may be younger than the range.
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  const last = Number(await cursor(page).getAttribute('aria-valuemax'))
  await expect(cursor(page)).toHaveAttribute('aria-valuenow', String(last - 1))
  const spoken = (await cursor(page).getAttribute('aria-valuetext')) ?? ''
  expect(spoken).toMatch(/UTC: Success .*Calls [\d,]+.*p99 .*; 10 s of the heatmap: /)
  await page.getByRole('button', { name: 'Table' }).click()
  const table = page.getByRole('region', { name: "The charts' numbers" })
  const time = /\d\d:\d\d:\d\d/.exec(spoken)?.[0] ?? 'no time'
  const calls = /Calls (\d{1,3}(?:,\d{3})*)/.exec(spoken)?.[1] ?? 'no calls'
  const row = table.getByRole('row').filter({ hasText: time })
  await expect(row).toHaveCount(1)
  await expect(row.getByRole('cell').nth(3)).toHaveText(calls)
  // The heatmap's cells add up to its calls, and its calls to those of the chart.
  const cells = page.getByRole('region', { name: "The heatmap's numbers" }).getByRole('row').filter({ hasText: time })
  const counts = (await cells.getByRole('cell').allTextContents()).slice(1).map((text) => Number(text.replace(',', '')))
  const [all = -1, ...rows] = counts
  expect(rows.reduce((sum, count) => sum + count, 0)).toBe(all)
  expect(all).toBe(Number(calls.replace(',', '')))
})

// What is dragged over becomes the page's one range and is frozen; "z" goes back to where one came from, live.
test('zooming in and out', async ({ page }) => {
  await page.goto(`${ROUTE}?range=15m`)
  const plot = charts(page).locator('.u-over').nth(1)
  const box = await plot.boundingBox()
  if (box === null) throw new Error('the volume has no plot')
  const drag = async () => {
    // At the end, where a mesh that is made for its tests has traffic.
    await page.mouse.move(box.x + box.width * 0.6, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.99, box.y + 24, { steps: 5 })
    await page.mouse.up()
  }
  await drag()
  await expect(page).toHaveURL(/from=\d+&to=\d+&back=15m/)
  await expect(page.getByText('frozen', { exact: true })).toBeVisible()
  const zoomed = new URL(page.url()).searchParams
  expect(Number(zoomed.get('to')) - Number(zoomed.get('from'))).toBeLessThan(7 * 60_000)
  await page.keyboard.press('z')
  await expect(page).not.toHaveURL(/from=/)
  await expect(page.getByText('live', { exact: true })).toBeVisible()
  await drag()
  await page.getByRole('button', { name: 'Zoom out' }).click()
  await expect(page).not.toHaveURL(/from=/)
  await drag()
  await expect(page).toHaveURL(/from=\d+/)
  await plot.dblclick()
  await expect(page).not.toHaveURL(/from=/)
})

// A stretch without a call has no chart to zoom out of: the button and the key are there all the same.
for (const address of [ROUTE, '/services/catalog'])
  test(`zooming out of a stretch without traffic: ${address}`, async ({ page }) => {
    const to = Date.now() - 20 * 86_400_000
    const zoomed = `${address}?from=${to - 300_000}&to=${to}&back=15m`
    const silent = page.getByRole('heading', { name: /had no traffic in .*UTC/ })
    const isOut = async () => {
      await expect(page).not.toHaveURL(/from=/)
      await expect(charts(page).locator('canvas').first()).toBeVisible()
    }
    await page.goto(zoomed)
    await expect(silent).toBeVisible()
    await page.keyboard.press('z')
    await isOut()
    await page.goto(zoomed)
    await expect(silent).toBeVisible()
    await page.getByRole('button', { name: 'Zoom out' }).click()
    await isOut()
  })

// A comparison is in the address, named in words with its own time, and in the table beside the numbers.
test('compare with the period before', async ({ page }) => {
  await openFrozen(page, ROUTE)
  await page.getByRole('combobox', { name: 'Compare' }).click()
  await page.getByRole('option', { name: 'Compare with the period before' }).click()
  await expect(page).toHaveURL(/compare=period/)
  await expect(charts(page).getByText(/Dashed grey: |There is nothing to compare with: /)).toBeVisible()
  await page.getByRole('button', { name: 'Table' }).click()
  await expect(page.getByRole('columnheader', { name: 'Success %, period before' })).toBeVisible()
})

test('compare with yesterday', async ({ page }) => {
  await openFrozen(page, ROUTE)
  await page.getByRole('combobox', { name: 'Compare' }).click()
  await page.getByRole('option', { name: 'Compare with yesterday' }).click()
  await expect(page).toHaveURL(/compare=day/)
  await expect(charts(page).getByText(/Dashed grey: |There is nothing to compare with: /)).toBeVisible()
  await page.getByRole('button', { name: 'Table' }).click()
  await expect(page.getByRole('columnheader', { name: 'Success %, yesterday' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'Compare' })).toHaveText(/yesterday/)
})

// The zone is said beside every time and stays when one goes on.
test.describe('elsewhere', () => {
  test.use({ timezoneId: 'Asia/Kolkata' })
  test('local time', async ({ page }) => {
    await openFrozen(page, ROUTE)
    await page.getByRole('button', { name: /^Time range/ }).click()
    await page.getByRole('button', { name: 'Local' }).click()
    await expect(page).toHaveURL(/tz=local/)
    await page.keyboard.press('Escape')
    await cursor(page).focus()
    await page.keyboard.press('Home')
    await expect(cursor(page)).toHaveAttribute('aria-valuetext', /GMT\+5:30: Success/)
  })
})

// Retries by fate, versions, rules and the command are on the page.
test('what belongs to a route', async ({ page }) => {
  await page.goto(`${ROUTE}?range=15m`)
  const versions = page.getByRole('region', { name: 'By version' })
  await expect(versions.getByRole('columnheader', { name: /^v1/ })).toBeVisible()
  await expect(versions.getByRole('columnheader', { name: /^v2/ })).toBeVisible()
  await expect(versions.getByText(/chance|Not enough requests yet/)).toBeVisible()
  await expect(page.getByRole('region', { name: 'Rules that apply' }).getByRole('listitem').first()).toBeVisible()
  const retries = page.getByRole('region', { name: 'Retries' })
  for (const fate of ['First try', 'After a retry', 'Not retryable', 'Body too large', 'Budget exhausted', 'Deadline'])
    await expect(retries.getByRole('row').filter({ hasText: fate })).toHaveCount(1)
  await expect(page.getByRole('region', { name: 'Command', exact: true })).toContainText(
    /heddle stat routes catalog .*--route catalog\/products .*--window 15m/s,
  )
  await page.getByRole('button', { name: 'YAML of HTTPRoute catalog' }).click()
  await expect(page.getByRole('region', { name: 'YAML', exact: true })).toContainText('kind: HTTPRoute')
})

// A route that is none says so, and where to look.
test('an unknown route', async ({ browser }) => {
  const page = await browser.newPage()
  await page.goto('/services/catalog/routes/catalog/no-such-rule')
  await expect(page.getByRole('main').getByRole('alert')).toContainText('catalog has no route catalog/no-such-rule')
  await page.close()
})

for (const theme of ['light', 'dark'] as const)
  test(`the page in ${theme} passes axe, with its tables open`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await openFrozen(page, ROUTE)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Table' }).click()
    await page.getByRole('button', { name: 'YAML of HTTPRoute catalog' }).click()
    await expectAccessible(page)
  })

test('on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await openFrozen(page, ROUTE)
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBeLessThanOrEqual(0)
  await expectAccessible(page)
})
