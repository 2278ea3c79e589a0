// What the console says while a part of the mesh is away, and that it recovers by itself. These end and freeze processes of
// the mesh under test, below `heddle up` (HEDDLE_HOME), and nothing else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { z } from 'zod'
import { descendantsOf, keepKilled } from '../../../tests/harness/processes.ts'
import { ADMIN } from './console.ts'
import { callCatalog, noteTime } from './realTraffic.ts'
import { applySplit, box, openSplit } from './split.ts'

// Without the quiet console: a browser reports each failed request as an error of its own.
const test = base.extend<{ up: number }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs.
  up: async ({}, use) => {
    const home = process.env.HEDDLE_HOME
    test.skip(home === undefined, 'HEDDLE_HOME tells which mesh may be disturbed')
    const { process: running } = upSchema.parse(JSON.parse(readFileSync(join(home ?? '', 'up.json'), 'utf8')))
    await use(running.pid)
  },
})
const upSchema = z.object({ process: z.object({ pid: z.int().positive() }) })
test.describe.configure({ timeout: 240_000 })

/** For so long a process is killed as often as it is started again. */
const KILLED_MS = 25_000
/** A restart waits for up to 30 s after so many deaths. */
const RECOVERY_MS = 90_000

const live = (page: Page) => page.getByText('live', { exact: true })

async function expectLive(page: Page, timeout = RECOVERY_MS): Promise<void> {
  await expect(live(page)).toBeVisible({ timeout })
}

// Without a control plane traffic goes on, the console says so and keeps its numbers; what is changed meanwhile is stored,
// and reaches the proxies once there is a control plane again.
test('the control plane is killed', async ({ page, up }, info) => {
  await openSplit(page)
  await expectLive(page)
  const was = await box(page, 'catalog-v2').inputValue()
  const next = was === '20' ? '25' : '20'
  const begun = performance.now()
  const killing = keepKilled(up, 'apps/control/src/main', begun + KILLED_MS)
  {
    await using calls = await callCatalog(page)
    await expect(page.getByText('No control plane is reachable.')).toBeVisible({ timeout: KILLED_MS })
    noteTime(info, 'the console says that the control plane is away', Math.round(performance.now() - begun))
    await expect(page.getByText('Traffic is not affected')).toBeVisible()
    await box(page, 'catalog-v2').fill(next)
    await applySplit(page)
    await expect(box(page, 'catalog-v2')).toHaveValue(next)
    expect(await killing).toBeGreaterThan(1)
    expect(calls.answered.length).toBeGreaterThan(100)
    // Not by status: catalog v2 answers 503 of its own for one call in 25, now and then three times in a row.
    expect(calls.answered.filter(({ error }) => error !== null)).toEqual([])
  }
  // When that is, is the supervisor's matter: after so many deaths it waits for up to half a minute.
  const isStarted = () => descendantsOf(up).some(({ command }) => command.includes('apps/control/src/main'))
  await expect.poll(isStarted, { timeout: RECOVERY_MS, intervals: [100] }).toBe(true)
  const started = performance.now()
  noteTime(info, 'the control plane is started for good after', Math.round(started - begun - KILLED_MS))
  await expectLive(page)
  noteTime(info, 'live again after that start', Math.round(performance.now() - started))
  const strip = page.getByRole('region', { name: /^After r/ })
  await expect(strip.getByText(/^(\d+)\/\1$/)).toBeVisible()
  await box(page, 'catalog-v2').fill(was)
  await applySplit(page)
})

// A database that answers nothing: the last minutes are shown and said to be all, what only the database knows fails in
// its panel with a request's id and a way to try again, nobody is let in or told that a password is wrong, and nothing is
// said to be saved. Then all of it is there again.
test('the database is frozen', async ({ page, browser, baseURL, up }, info) => {
  await openSplit(page)
  await expectLive(page)
  const was = await box(page, 'catalog-v2').inputValue()
  const frozen = descendantsOf(up).filter(({ command }) => command.includes('postgres'))
  expect(frozen.length).toBeGreaterThan(1)
  const signal = (name: NodeJS.Signals) => {
    for (const { pid } of frozen)
      try {
        process.kill(pid, name)
      } catch {
        // A backend that has ended meanwhile.
      }
  }
  const begun = performance.now()
  signal('SIGSTOP')
  try {
    await expect(page.getByText('The database does not answer. Traffic is not affected:')).toBeVisible({
      timeout: 60_000,
    })
    noteTime(info, 'the console says that the database is away', Math.round(performance.now() - begun))
    await box(page, 'catalog-v2').fill(was === '20' ? '25' : '20')
    await page.getByRole('button', { name: /^Review \d/ }).click()
    await page.getByRole('button', { name: /^Apply .* split$/ }).click()
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Nothing was changed.', { timeout: 30_000 })
    await page.getByRole('button', { name: 'Keep editing' }).click()
    await page.getByRole('button', { name: 'Discard' }).click()

    await page.getByRole('navigation', { name: 'Main' }).first().getByRole('link', { name: 'Changes' }).click()
    const alert = page.getByRole('main').getByRole('alert')
    await expect(alert).toContainText('could not be read', { timeout: 60_000 })
    await expect(alert).toContainText(/Request [\da-f-]{36}/)

    const stranger = await browser.newContext({ storageState: { cookies: [], origins: [] } })
    const door = await stranger.newPage()
    await door.goto(`${baseURL}/sign-in`)
    await expect(door.getByText('Nobody can be let in until it is back')).toBeVisible({ timeout: 30_000 })
    await door.getByLabel('Name').fill(ADMIN.name)
    await door.getByLabel('Password').fill(ADMIN.password)
    await door.getByRole('button', { name: 'Sign in' }).click()
    await expect(door.getByRole('alert').filter({ hasText: 'its database may be away' })).toBeVisible({
      timeout: 60_000,
    })
    // For so long the console remembers whom it let in; then it cannot open this page's stream any more, and still the
    // database is named.
    await expect(page.getByText(/what you see is from \d\d:\d\d/)).toBeVisible({ timeout: 90_000 })
    await expect(page.getByText('This page lost its connection to the console.')).toBeHidden()
    const opened = await page.context().newPage()
    await opened.goto('/services')
    await expect(opened.getByRole('main').getByRole('alert')).toContainText('could not be read', { timeout: 30_000 })
    const thawed = performance.now()
    signal('SIGCONT')
    await expect(opened.getByRole('region', { name: 'Services', exact: true }).getByRole('link').first()).toBeVisible({
      timeout: 60_000,
    })
    await opened.close()
    await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible({ timeout: 60_000 })
    await expectLive(page)
    noteTime(info, 'everything is there again after', Math.round(performance.now() - thawed))
    await door.getByRole('button', { name: 'Sign in' }).click()
    await expect(door).toHaveURL(/\/services/)
    await stranger.close()
  } finally {
    signal('SIGCONT')
  }
  await openSplit(page)
  await expect(box(page, 'catalog-v2')).toHaveValue(was)
})

// The console itself dies: the page says that it lost it and of when its numbers are, and goes on when it is back.
test('the console is killed', async ({ page, up }, info) => {
  await page.goto('/services?range=15m')
  await expectLive(page)
  const row = page.getByRole('region', { name: 'Services', exact: true }).getByRole('link', { name: 'catalog' }).first()
  await expect(row).toBeVisible()
  const begun = performance.now()
  expect(await keepKilled(up, 'next-server', begun + 15_000)).toBeGreaterThan(0)
  await expect(page.getByText('This page lost its connection to the console.')).toBeVisible()
  await expect(page.getByText(/What you see is from \d\d:\d\d/)).toBeVisible()
  await expect(row).toBeVisible()
  await expectLive(page)
  noteTime(info, 'live again after', Math.round(performance.now() - begun - 15_000))
})
