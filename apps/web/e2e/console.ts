// What every browser test stands on: a page that fails its test upon any error in the browser's console, and the
// accessibility check.
import { fileURLToPath } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'

/** Cookies of the admin that door.setup.ts signs in. */
export const SIGNED_IN = fileURLToPath(new URL('../test-results/signed-in.json', import.meta.url))

export const ADMIN = {
  name: process.env.HEDDLE_E2E_USER ?? 'ana',
  password: process.env.HEDDLE_E2E_PASSWORD ?? 'correct horse battery staple',
}

/** Services of the sample shop. */
export const SHOP = ['storefront', 'catalog', 'cart', 'checkout', 'payments', 'shipping'] as const

export const test = base.extend<{ quietConsole: undefined }>({
  quietConsole: [
    async ({ page }, use) => {
      const errors = errorsOf(page)
      await use(undefined)
      expect(errors, 'errors in the browser console').toEqual([])
    },
    { auto: true },
  ],
})

/** What goes wrong in the page's console from now on. */
export function errorsOf(page: Page): readonly string[] {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  return errors
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

export async function expectAccessible(page: Page): Promise<void> {
  // A colour on its way from one to another is no colour of the design: what moves arrives first.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
  })
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  expect(found).toEqual([])
}

export { expect }
