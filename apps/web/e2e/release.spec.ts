import type { Page, TestInfo } from '@playwright/test'
import { change } from './api.ts'
import { expect, test } from './console.ts'
import { type Calls, callCatalog, noteTime, shareOf, turningPoint } from './realTraffic.ts'
import { applySplit, box, slider, splitTo } from './split.ts'

// The time in which a change must have come through, on a machine that does much else besides: what was measured stands
// in the report.
const PATIENCE_MS = 15_000
/** Of this many calls the share is told to within a few points. */
const CALLS_TOLD = 300

test.describe.configure({ timeout: 180_000 })

/** Waits until real calls are shared as the new split says, and notes how long after `at` that began. */
async function expectShare(calls: Calls, at: number, from: number, to: number, info: TestInfo): Promise<void> {
  const since = () => calls.answered.filter((call) => call.at >= at).toSorted((a, b) => a.at - b.at)
  const followed = () => {
    const answers = since()
    const turn = turningPoint(answers, from, to)
    return { turn: answers[turn], after: answers.slice(turn) }
  }
  await expect.poll(() => followed().after.length, { timeout: 30_000 }).toBeGreaterThan(CALLS_TOLD)
  const { turn, after } = followed()
  const ms = (turn?.at ?? 0) - at
  noteTime(info, `real traffic from ${from} to ${to} %`, ms)
  expect(Math.abs(shareOf(after) - to)).toBeLessThan(5)
  expect(ms).toBeLessThan(PATIENCE_MS)
}

/**
 * Waits for what the strip above the routes tells of the change, and notes how long after `at` it did: that every proxy
 * has it, that the calls move, and that they have moved. Proxies report every 5 s into steps of 10 s, so that a step in
 * which the change came tells of both splits.
 */
async function expectTold(page: Page, at: number, from: number, to: number, info: TestInfo): Promise<void> {
  const strip = page.getByRole('region', { name: /^After r/ })
  await expect(strip.getByText(/^(\d+)\/\1$/)).toBeVisible()
  const acknowledgedMs = Date.now() - at
  noteTime(info, 'acknowledged by every proxy', acknowledgedMs)
  const share = async () => Number(/Share of v2.*?→\s*([\d.]+)/.exec((await strip.textContent()) ?? '')?.[1] ?? from)
  const untilShare = (is: (share: number) => boolean) =>
    expect.poll(async () => is(await share()), { timeout: 45_000, intervals: [100] }).toBe(true)
  await untilShare((is) => Math.abs(is - from) > Math.abs(to - from) / 10)
  const movingMs = Date.now() - at
  noteTime(info, `the strip leaves ${from} %`, movingMs)
  await untilShare((is) => Math.abs(is - to) < 6)
  noteTime(info, `the strip arrives at ${to} %`, Date.now() - at)
  expect([acknowledgedMs, movingMs].map((ms) => ms < PATIENCE_MS)).toEqual([true, true])
}

async function dragTo(page: Page, backend: string, percent: number): Promise<void> {
  const handle = slider(page, backend).locator('..')
  // The thread that the eye slides along: from 0 to 100 %.
  const track = await handle.locator('..').boundingBox()
  const eye = await handle.boundingBox()
  if (track === null || eye === null) throw new Error('the slider has no place on the page')
  const y = eye.y + eye.height / 2
  await page.mouse.move(eye.x + eye.width / 2, y)
  await page.mouse.down()
  await page.mouse.move(track.x + (track.width * percent) / 100, y, { steps: 8 })
  await page.mouse.up()
  await expect(box(page, backend)).toHaveValue(String(percent))
}

// A release, from 10 over 50 to 100 %: by mouse, by keys, taken back by Undo and again under Changes, and back by number.
// Each time the calls of the running shop follow within seconds, and the console tells so.
test('a release of two versions', async ({ page }, info) => {
  await splitTo(page, 10)
  await using calls = await callCatalog(page)

  await dragTo(page, 'catalog-v2', 50)
  const dragged = await applySplit(page)
  await expectTold(page, dragged, 10, 50, info)
  await expectShare(calls, dragged, 10, 50, info)

  await slider(page, 'catalog-v2').focus()
  await page.keyboard.press('End')
  await expect(box(page, 'catalog-v1')).toHaveValue('0')
  const keyed = await applySplit(page)
  await expectShare(calls, keyed, 50, 100, info)

  const undone = Date.now()
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await expect(box(page, 'catalog-v2')).toHaveValue('50')
  await expectShare(calls, undone, 100, 50, info)

  await page.goto('/changes')
  const newest = page.getByRole('main').getByRole('listitem').first()
  await newest.getByRole('button').first().click()
  await expect(newest.getByRole('region', { name: 'What reverting it would do now' })).toContainText('weight: 100')
  const reverted = Date.now()
  await newest.getByRole('button', { name: /^Revert r/ }).click()
  await expect(page.getByText(/is reverted, as r/)).toBeVisible()
  await expectShare(calls, reverted, 50, 100, info)

  const back = await splitTo(page, 10)
  await expectShare(calls, back, 100, 10, info)
})

const SIX = ['catalog-v1', 'catalog-v2', 'cart', 'checkout', 'shipping', 'storefront'] as const
const HEADER = { 'x-e2e-six': '1' }
const ROUTE = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'e2e-six' },
  spec: {
    parentRefs: [{ kind: 'Service', name: 'catalog' }],
    rules: [
      {
        name: 'all',
        // Beside the shop's own traffic: only this test's calls have the header.
        matches: [
          {
            path: { type: 'PathPrefix', value: '/products' },
            method: 'GET',
            headers: [{ name: 'x-e2e-six', value: '1' }],
          },
        ],
        backendRefs: SIX.map((name, i) => ({ name, weight: i === 0 ? 50 : 10 })),
      },
    ],
  },
}

// The same with six backends: the others keep their proportions, a locked one keeps its share, the total stays 100.
test('a release among six backends', async ({ page }, info) => {
  await page.goto('/services/catalog/traffic')
  await change(page, 'config.put', { documents: [ROUTE] })
  try {
    await using calls = await callCatalog(page, HEADER)
    await page.goto(`/services/catalog/traffic?range=15m&rule=${encodeURIComponent('e2e-six/all')}`)
    const values = () => Promise.all(SIX.map(async (name) => Number(await box(page, name).inputValue())))
    await expect(box(page, 'storefront')).toHaveValue('10')
    await box(page, 'catalog-v2').fill('50')
    expect(await values()).toEqual([28, 50, 6, 6, 5, 5])
    const typed = await applySplit(page)
    await expectTold(page, typed, 10, 50, info)
    await expectShare(calls, typed, 10, 50, info)

    await page.getByRole('button', { name: 'Keep the share of storefront' }).press('Enter')
    await slider(page, 'catalog-v2').focus()
    await page.keyboard.press('End')
    expect(await values()).toEqual([0, 95, 0, 0, 0, 5])
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('button', { name: 'Keep the share of storefront' }).press('Enter')
    await dragTo(page, 'catalog-v2', 100)
    const dragged = await applySplit(page)
    await expectShare(calls, dragged, 50, 100, info)

    const undone = Date.now()
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
    await expect(box(page, 'storefront')).toHaveValue('5')
    await expectShare(calls, undone, 100, 50, info)
  } finally {
    await change(page, 'config.delete', { ref: { kind: 'HTTPRoute', name: 'e2e-six' } })
  }
})
