// Every page of the console with the sample shop behind it, after some minutes of its traffic and two changes.
import { expect, type Page, test } from '@playwright/test'
import { SIGNED_IN } from '../console.ts'
import { type Picture, take } from './camera.ts'

test.use({ storageState: SIGNED_IN })

const BOTH = ['desk', 'phone'] as const

const proposeSplit = (page: Page) => page.getByRole('textbox', { name: 'catalog-v2, percent' }).fill('30')

async function reviewSplit(page: Page): Promise<void> {
  await proposeSplit(page)
  await page.getByRole('button', { name: 'Review 70 / 30' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
}

/** A rule on storefront's calls to catalog, with what it would have done. */
async function writeRule(page: Page): Promise<void> {
  const pick = async (field: string, option: string) => {
    await page.getByRole('combobox', { name: field, exact: true }).click()
    await page.getByRole('combobox', { name: `Find: ${field}` }).fill(option)
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  await pick('Add caller', 'checkout')
  await pick('Add method', 'GET')
  await page.getByRole('button', { name: 'path', exact: true }).click()
  await page.getByRole('textbox', { name: 'Path', exact: true }).fill('/products')
  await pick('Service', 'catalog')
  const preview = page.getByRole('region', { name: 'Preview' })
  await expect(preview).toContainText('if it were enforced')
  await expect(preview).toHaveAttribute('aria-busy', 'false')
}

/** The newest change of a split: its weights tell most. */
async function openSplit(page: Page): Promise<void> {
  const split = page.getByRole('main').getByRole('listitem').filter({ hasText: 'catalog-v1' }).first()
  await split.getByRole('button').first().click()
  await expect(split.getByRole('region', { name: 'What it changed' })).toBeVisible()
}

/** The places are found in a worker, and the picture then fits itself to them. */
const drawn = (page: Page) => page.locator('.react-flow__edge').first().waitFor()

const PICTURES: readonly Picture[] = [
  { name: 'services', path: '/services', screens: BOTH },
  { name: 'service', path: '/services/catalog', screens: BOTH },
  {
    name: 'service-heatmap',
    path: '/services/catalog',
    prepare: (page) => page.getByRole('button', { name: 'Heatmap' }).click(),
  },
  { name: 'service-routes', path: '/services/catalog/routes' },
  { name: 'split-editor', path: '/services/catalog/traffic', prepare: proposeSplit, screens: BOTH },
  { name: 'split-review', path: '/services/catalog/traffic', prepare: reviewSplit, isScreenOnly: true },
  { name: 'service-access', path: '/services/payments/access' },
  { name: 'service-instances', path: '/services/catalog/instances', screens: BOTH },
  { name: 'service-changes', path: '/services/catalog/changes' },
  { name: 'service-settings', path: '/services/catalog/settings' },
  { name: 'route', path: '/services/catalog/routes/catalog/products', screens: BOTH },
  { name: 'traffic', path: '/traffic', screens: BOTH },
  { name: 'access', path: '/access', screens: BOTH },
  { name: 'access-rule', path: '/access?rule=%2B', prepare: writeRule },
  { name: 'access-tester', path: '/access?caller=cart&method=POST&path=/charge&on=payments' },
  { name: 'map', path: '/map', prepare: drawn },
  { name: 'map-focus', path: '/map?focus=checkout', prepare: drawn },
  { name: 'proxies', path: '/proxies', screens: BOTH },
  { name: 'changes', path: '/changes', screens: BOTH },
  { name: 'change', path: '/changes', prepare: openSplit },
  { name: 'settings-people', path: '/settings/people', screens: BOTH },
  { name: 'settings-tokens', path: '/settings/tokens' },
  { name: 'settings-mesh', path: '/settings/mesh' },
  { name: 'settings-authority', path: '/settings/authority' },
  { name: 'settings-links', path: '/settings/links' },
  { name: 'settings-retention', path: '/settings/retention' },
  { name: 'settings-sessions', path: '/settings/sessions' },
  {
    name: 'palette',
    path: '/services',
    isScreenOnly: true,
    prepare: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').getByRole('combobox').fill('cat')
    },
  },
]

for (const picture of PICTURES)
  test(picture.name, async ({ page }) => {
    await take(page, { ...picture, path: `${picture.path}${picture.path.includes('?') ? '&' : '?'}range=15m` })
  })
