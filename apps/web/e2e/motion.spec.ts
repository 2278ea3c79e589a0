import type { Page } from '@playwright/test'
import { expect, test } from './console.ts'
import { box, openSplit } from './split.ts'

/** What moves on the page, by the element that does. */
const moving = (page: Page) =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState, effect }) => playState === 'running' && Number(effect?.getComputedTiming().duration) > 0)
      .map(({ effect }) => (effect instanceof KeyframeEffect ? (effect.target?.outerHTML.slice(0, 200) ?? '') : '')),
  )

/** From the moment on which something opens: a short movement must not slip between two looks. */
async function expectStill(page: Page, open: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    for (const kind of ['transitionrun', 'animationstart'] as const)
      addEventListener(
        kind,
        ({ target }) => target instanceof Element && seen.push(`${kind} ${target.outerHTML.slice(0, 200)}`),
      )
  })
  await open()
  expect(await page.evaluate(() => Reflect.get(window, 'seen'))).toEqual([])
  expect(await moving(page)).toEqual([])
}

// Who asked for less motion gets none: no page moves while it is looked at, and neither does what opens on it.
test('nothing moves for who wants no motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const path of ['/services', '/services/catalog', '/map', '/access', '/proxies', '/changes'])
    await test.step(path, async () => {
      await page.goto(path)
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
      expect(await moving(page)).toEqual([])
    })
  await openSplit(page)
  await box(page, 'catalog-v2').fill('37')
  await expectStill(page, async () => {
    await page.getByRole('button', { name: /^Review \d/ }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.getByRole('button', { name: 'Keep editing' }).click()
    await expect(page.getByRole('dialog')).toBeHidden()
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
  })
})
