import { expect, expectAccessible, test } from './console.ts'

const PAGES = [
  '/services',
  '/services/catalog',
  '/services/catalog/routes/catalog/products',
  '/services/catalog/traffic',
  '/services/catalog/access',
  '/services/catalog/instances',
  '/services/catalog/changes',
  '/traffic',
  '/access',
  '/map',
  '/proxies',
  '/changes',
  '/settings/people',
  '/settings/tokens',
  '/settings/mesh',
  '/settings/authority',
  '/settings/links',
  '/settings/retention',
  '/settings/sessions',
] as const

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
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBeLessThanOrEqual(0)
    await expectAccessible(page)
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
  await page.getByRole('button', { name: /^Review \d/ }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Keep editing' }).click()
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByRole('button', { name: /^Review/ })).toBeDisabled()
})
