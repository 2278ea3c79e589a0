// Coming in as somebody does: by the one-time link, with a password.
import type { Page } from '@playwright/test'
import { PAGE_MS } from './settled.ts'

export const PASSWORD = 'a bench is no secret, it ends with its mesh'

export async function enter(page: Page, link: string): Promise<void> {
  await page.goto(link, { waitUntil: 'load' })
  const open = page.getByRole('button', { name: /open the console/ })
  const password = page.getByLabel('Password')
  // What is typed before the page is alive is lost: the button says when it was heard.
  while (await open.isDisabled()) {
    await password.fill('')
    await password.fill(PASSWORD)
    await open
      .and(page.locator(':enabled'))
      .waitFor({ timeout: 500 })
      .catch(() => {})
  }
  await open.click()
  await page.waitForURL(({ pathname }) => pathname === '/services', { timeout: PAGE_MS })
}
