// Takes the pictures that illustrate the README and the guides: docs/screenshots/<name>[-phone]-<theme>.png, few colours
// each, so that all of them together stay small.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import sharp from 'sharp'

const DIRECTORY = fileURLToPath(new URL('../../../../docs/screenshots/', import.meta.url))
/** Taller pages are cut: the rest of a long list shows nothing new. */
const TALLEST_PX = 1_700

const SCREENS = {
  desk: { suffix: '', viewport: { width: 1440, height: 900 } },
  phone: { suffix: '-phone', viewport: { width: 390, height: 844 } },
} as const
export type Screen = keyof typeof SCREENS
const THEMES = ['light', 'dark'] as const

export interface Picture {
  name: string
  path: string
  /** Brings the page to what is to be seen. */
  prepare?: (page: Page) => Promise<void>
  screens?: readonly Screen[]
  /** A dialog or a menu is about the screen, not about the page below it. */
  isScreenOnly?: boolean
}

/** One picture for each screen and theme. Whatever still loads is waited for. */
export async function take(page: Page, picture: Picture): Promise<void> {
  await mkdir(DIRECTORY, { recursive: true })
  for (const screen of picture.screens ?? ['desk']) {
    const { suffix, viewport } = SCREENS[screen]
    for (const theme of THEMES) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.goto(picture.path)
      await settled(page)
      await picture.prepare?.(page)
      await loaded(page)
      if (picture.isScreenOnly !== true) await fitWindow(page, viewport)
      const shot = await page.screenshot({ animations: 'disabled' })
      await sharp(shot)
        .png({ palette: true, colours: 128, effort: 10, dither: 0 })
        .toFile(`${DIRECTORY}${picture.name}${suffix}-${theme}.png`)
    }
  }
}

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('main')).toContainText(/\w/)
  await loaded(page)
  // Where there is a live badge: the first word of the stream has come.
  await expect(page.getByText('connecting', { exact: true })).toHaveCount(0)
  await page.evaluate(() => document.fonts.ready)
}

async function loaded(page: Page): Promise<void> {
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
  await expect(page.locator('[aria-busy="true"], [data-loading]')).toHaveCount(0)
}

/** A window as high as the page, so that what sticks to its edges is at the edges of the picture. */
async function fitWindow(page: Page, { width, height }: { width: number; height: number }): Promise<void> {
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.min(Math.max(whole, height), TALLEST_PX) })
}
