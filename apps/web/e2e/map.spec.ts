import { expect, expectAccessible, test } from './console.ts'

const IN_MS = { µs: 0.001, ms: 1, s: 1_000 }

/** Success in percent, calls per second, and p99 in milliseconds, as in the table: the picture says "1.88 s". */
function numbersOfLabel(text: string): number[] {
  const [, success, volume, p99, unit] = /([\d.]+)\s%\D*([\d.]+)\srps\D*p99\s([\d.,]+)\s(µs|ms|s)/.exec(text) ?? []
  const inMs = Number(p99?.replace(',', '')) * (IN_MS[unit as keyof typeof IN_MS] ?? Number.NaN)
  return [Number(success), Number(volume), inMs]
}

const byNumber = (a: number[], b: number[]): number => a.map((n, i) => n - (b[i] ?? 0)).find((n) => n !== 0) ?? 0

// One walks the map by keys: along the edges, into a neighbourhood and out of it again, and on to the service's own page.
// What stands at an edge stands in the table of the same moment, too.
test('the map by keyboard', async ({ page }) => {
  test.slow()
  const map = page.getByRole('region', { name: /^Map of \d+ nodes and \d+ edges/ })
  const here = map.locator('[data-card]:focus')
  // The picture and the table can be compared where the numbers stand still: in a range that ended a minute ago. A mesh
  // that was made for these tests may not be as old, so that it is looked for half a minute before that first.
  const openAt = async (agoMs: number): Promise<void> => {
    const to = Math.floor((Date.now() - agoMs) / 10_000) * 10_000
    await page.goto(`/map?from=${to - 600_000}&to=${to}`)
    await expect(map.getByRole('button', { name: /^storefront / })).toBeVisible({ timeout: 5_000 })
  }
  await expect(() => openAt(90_000)).toPass({ timeout: 150_000 })
  await openAt(60_000)
  await page.getByRole('button', { name: /^Table/ }).focus()
  await page.keyboard.press('Tab')
  await expect(here).toHaveCount(1)
  // The traffic calls the storefront, whom nobody else calls: to the left there is an end.
  for (let steps = 0; steps < 6; steps++) await page.keyboard.press('ArrowLeft')
  await expect(here).toHaveAttribute('data-card', 'traffic')
  await page.keyboard.press('ArrowRight')
  await expect(here).toHaveAttribute('data-card', 'storefront')

  await page.keyboard.press('Space')
  await expect(page).toHaveURL(/focus=storefront/)
  await expect(page.getByText('Only what calls storefront, and what it calls.')).toBeVisible()
  await expectAccessible(page)
  const labels = map.locator('.react-flow__edgelabel-renderer > span')
  await expect(labels).toHaveCount(4)
  const drawn = await labels.allTextContents()

  await page.getByRole('button', { name: /^Table/ }).press('Enter')
  const rows = page.getByRole('region', { name: 'Edges' }).getByRole('row').filter({ hasText: 'storefront' })
  await expect(rows).toHaveCount(4)
  const told = await Promise.all(
    (await rows.all()).map(async (row) => {
      const cells = await Promise.all([2, 4, 5].map(async (cell) => row.getByRole('cell').nth(cell).textContent()))
      return cells.map((text) => Number(text?.replace(/[^\d.]/g, '')))
    }),
  )
  const [inPicture, inTable] = [drawn.map(numbersOfLabel).toSorted(byNumber), told.toSorted(byNumber)]
  for (const [i, [success, volume, p99 = Number.NaN]] of inPicture.entries()) {
    expect(inTable[i]?.slice(0, 2)).toEqual([success, volume])
    // Either rounds, to three figures or to whole milliseconds.
    expect(Math.abs((inTable[i]?.[2] ?? 0) - p99)).toBeLessThanOrEqual(0.01 + p99 / 100)
  }

  await page.getByRole('button', { name: 'Map', exact: true }).press('Enter')
  await map.getByRole('button', { name: /^storefront / }).focus()
  await page.keyboard.press('Escape')
  await expect(page).not.toHaveURL(/focus=/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/services\/storefront/)
})

// Cards are there for the mouse, too.
test('the map by mouse', async ({ page }) => {
  await page.goto('/map?range=15m')
  const map = page.getByRole('region', { name: /^Map of \d+ nodes and \d+ edges/ })
  await map.getByRole('button', { name: /^storefront / }).click()
  await expect(page).toHaveURL(/focus=storefront/)
  await expect(page.getByText('Only what calls storefront, and what it calls.')).toBeVisible()
})

// A phone has no room for the picture: it gets the edges one below the other, and the picture on demand.
test('the map on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/map?range=15m')
  const edges = page.getByRole('region', { name: 'Edges' })
  const toCatalog = edges.getByRole('listitem').filter({ hasText: 'catalog' }).first()
  await expect(toCatalog).toContainText('p99')
  // All of it: no number is beyond the edge of the screen.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await edges.getByRole('combobox', { name: 'Order of the edges' }).click()
  await page.getByRole('option', { name: 'most volume' }).click()
  await expect(page).toHaveURL(/sort=volume/)
  await expect(page.getByRole('button', { name: /^Table/ })).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('button', { name: 'Map', exact: true }).click()
  await expect(page).toHaveURL(/view=map/)
  await expect(page.getByRole('region', { name: /^Map of / })).toBeVisible()
  await page.getByRole('button', { name: /^Table/ }).click()
  await expect(edges).toBeVisible()
})
