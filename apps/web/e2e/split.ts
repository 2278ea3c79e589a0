// The split editor of the catalog, as a person works it.
import { expect, type Page } from '@playwright/test'

export const slider = (page: Page, backend: string) =>
  page.getByRole('slider', { name: `${backend}, share of requests` })
export const box = (page: Page, backend: string) => page.getByRole('textbox', { name: `${backend}, percent` })

/** The split editor; waits until it can be moved. */
export async function openSplit(page: Page): Promise<void> {
  await page.goto('/services/catalog/traffic?range=15m')
  await expect(slider(page, 'catalog-v1')).toBeEnabled()
}

/** Reviews what is proposed and applies it; returns when the button was pressed, by this machine's clock. */
export async function applySplit(page: Page): Promise<number> {
  await page.getByRole('button', { name: /^Review \d/ }).click()
  const button = page.getByRole('button', { name: /^Apply .* split$/ })
  await expect(button).toBeEnabled()
  const at = Date.now()
  await button.click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByText(/^Applied .* to /).first()).toBeVisible()
  return at
}

/** Brings the split to what a test begins with, whatever the one before left; returns when that was applied. */
export async function splitTo(page: Page, v2: number): Promise<number> {
  await openSplit(page)
  if ((await box(page, 'catalog-v2').inputValue()) === String(v2)) return Date.now()
  await box(page, 'catalog-v2').fill(String(v2))
  return applySplit(page)
}
