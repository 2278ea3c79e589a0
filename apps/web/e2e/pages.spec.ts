import { expect, expectAccessible, test } from './console.ts'
import { PAGES } from './everyPage.ts'

/** By how much the page is wider than the window. */
const sidewaysPx = () => document.documentElement.scrollWidth - document.documentElement.clientWidth

// Every page is accessible in both themes, as far as a machine can tell.
for (const theme of ['light', 'dark'] as const)
  for (const path of PAGES)
    test(`${path} in ${theme} passes axe`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme })
      await page.goto(path)
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
      await expect(page.getByRole('main')).toContainText(/\w/)
      await expectAccessible(page)
    })

// On a phone nothing is wider than the screen, what one taps is large enough, and axe has nothing to say.
for (const path of PAGES)
  test(`${path} on a phone`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(path)
    await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
    await expect(page.getByRole('navigation', { name: 'Main' }).last()).toBeVisible()
    expect(await page.evaluate(sidewaysPx)).toBeLessThanOrEqual(0)
    await expectAccessible(page)
  })

// Between the phone and a wide screen nothing is cut off or reached by scrolling sideways either.
for (const path of PAGES)
  test(`${path} on every width`, async ({ page }) => {
    await page.goto(path)
    for (const width of [768, 1024, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
      await expect.poll(() => page.evaluate(sidewaysPx), `at ${width} px`).toBeLessThanOrEqual(0)
    }
  })

// All times are in the zone that the reader chose, and say so. Days of certificates are days of UTC, and say that too.
test.describe('far from Greenwich', () => {
  test.use({ timezoneId: 'Asia/Kolkata' })
  for (const path of PAGES.filter((one) => one !== '/settings/authority'))
    test(`${path} shows the reader's own times`, async ({ page }) => {
      await page.goto(`${path}?tz=local`)
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
      const main = page.getByRole('main')
      await expect(main).toContainText(/\w/)
      await expect(main).not.toContainText(/\bUTC\b/)
    })
  test('changes stand under the days of the zone', async ({ page }) => {
    await page.goto('/changes?tz=local')
    await expect(page.getByText('When, GMT+5:30')).toBeVisible()
  })
})

// An address that leads nowhere is answered 404, and every page is still one press away.
test('no page at an address', async ({ browser }) => {
  // The browser itself notes the 404, which is no error of the page.
  const context = await browser.newContext()
  const page = await context.newPage()
  for (const path of ['/nowhere', '/services/catalog/nothing', '/map/nothing']) {
    const answer = await page.goto(path)
    expect(answer?.status(), path).toBe(404)
    await expect(page.getByRole('heading', { level: 1, name: 'There is no page at this address' })).toBeVisible()
    await expect(page.getByRole('navigation', { name: 'Main' }).first()).toBeVisible()
  }
  await expectAccessible(page)
  await context.close()
})

// The chosen theme is there in the first byte of the next page: nothing flashes.
test('the theme is remembered', async ({ page }) => {
  await page.goto('/services')
  await page.getByRole('button', { name: 'Account and theme' }).first().click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect
    .poll(async () => (await page.context().cookies()).find((cookie) => cookie.name === 'heddle-theme')?.value)
    .toBe('dark')
  const answer = await page.request.get('/services')
  expect(await answer.text()).toContain('data-theme="dark"')
})

// The split editor works with a thumb: the number's buttons, the review, the way out.
test('a split on the phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/services/catalog/traffic')
  await page.getByRole('button', { name: 'catalog-v2, percent, more' }).click()
  await expect(page.getByRole('button', { name: /^Review \d/ })).toBeInViewport({ ratio: 1 })
  await page.getByRole('button', { name: /^Review \d/ }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Keep editing' }).click()
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByRole('button', { name: /^Review/ })).toBeDisabled()
})
