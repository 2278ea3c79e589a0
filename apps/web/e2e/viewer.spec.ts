import type { Page } from '@playwright/test'
import { trafficGetOutputSchema } from '../src/server/schemas/traffic.ts'
import { ask, read } from './api.ts'
import { errorsOf, expect, expectAccessible, test } from './console.ts'
import { comeIn, newName } from './people.ts'
import { box, slider } from './split.ts'

/** What a button that changes something is called, on whatever page. */
const CHANGES =
  /^(Add|Apply|Create|Delete|Edit|Invite|Make|Move|New|Put|Remove|Reset|Review|Revert|Revoke|Roll back|Rotate|Save|Take|Undo|Withdraw|Write)\b/

/** With how many of them a viewer sees there at least. */
const PAGES: readonly (readonly [string, number])[] = [
  ['/services', 1],
  ['/services/catalog', 0],
  ['/services/catalog/traffic', 4],
  ['/services/catalog/settings', 1],
  ['/services?new=service', 1],
  ['/access', 1],
  ['/access?rule=%2B', 1],
  ['/traffic', 0],
  ['/changes', 0],
  ['/settings/people', 0],
  ['/settings/tokens', 0],
  ['/settings/mesh', 1],
  ['/settings/links', 1],
]

async function expectGuarded(page: Page, least: number): Promise<void> {
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
  await expect(page.getByRole('main')).toContainText(/\w/)
  const buttons = page.getByRole('main').getByRole('button', { name: CHANGES })
  await expect.poll(() => buttons.count()).toBeGreaterThanOrEqual(least)
  for (const button of await buttons.all()) {
    await expect(button).toBeDisabled()
    await expect(button).toHaveAccessibleDescription(/This needs the role (operator|admin); you are viewer\./)
  }
}

// Who may only look sees every page and why a button is not theirs; the API refuses what no button offers.
test('a viewer', async ({ page, browser }) => {
  test.slow()
  await page.goto('/services')
  await using viewer = await comeIn(page, browser, newName('viewer'), 'viewer')
  const errors = errorsOf(viewer.page)
  for (const [path, least] of PAGES)
    await test.step(path, async () => {
      await viewer.page.goto(path)
      await expectGuarded(viewer.page, least)
    })

  await viewer.page.goto('/services/catalog/traffic')
  await expect(slider(viewer.page, 'catalog-v2')).toBeDisabled()
  await expect(box(viewer.page, 'catalog-v2')).toBeDisabled()
  await expect(viewer.page.getByRole('combobox', { name: 'Add a backend' })).toHaveCount(0)
  await expect(viewer.page.getByText('This needs the role operator; you are viewer.').last()).toBeVisible()
  await expectAccessible(viewer.page)
  await viewer.page.goto('/services/catalog/changes')
  await viewer.page.getByRole('main').getByRole('listitem').getByRole('button', { expanded: false }).first().click()
  await expectGuarded(viewer.page, 1)
  await viewer.page.keyboard.press('Control+k')
  // Its code comes on demand: what is typed before it is there goes nowhere.
  await viewer.page.getByRole('combobox', { name: /^Find services/ }).fill('write a rule')
  await expect(viewer.page.getByRole('option', { name: /^Write a rule.*you are viewer/ })).toBeVisible()
  await viewer.page.keyboard.press('Escape')
  await viewer.page.goto('/settings/people')
  await expect(viewer.page.getByText(/shown to admins.*you are viewer/)).toBeVisible()
  expect(errors).toEqual([])

  const { rules } = await read(viewer.page, 'traffic.get', { service: 'catalog' }, trafficGetOutputSchema)
  const rule = rules.find(({ backends }) => backends.length > 1)
  const weights = rule?.backends.map(({ name }, i) => ({ backend: name, weight: i }))
  for (const [procedure, input] of [
    ['traffic.setWeights', { route: rule?.route, rule: rule?.rule, resourceVersion: rule?.resourceVersion, weights }],
    ['config.delete', { ref: { kind: 'HTTPRoute', name: rule?.route } }],
    ['changes.revert', { revision: 1 }],
    ['users.create', { name: 'somebody-else', role: 'admin' }],
    ['users.setRole', { name: viewer.name, role: 'admin' }],
  ] as const)
    await test.step(`${procedure} is refused`, async () => {
      const answer = await ask(viewer.page, procedure, input)
      expect([answer.status(), await answer.text()]).toEqual([403, expect.stringContaining('you are viewer')])
    })
  const after = await read(viewer.page, 'traffic.get', { service: 'catalog' }, trafficGetOutputSchema)
  expect(after.rules.map(({ resourceVersion }) => resourceVersion)).toEqual(
    rules.map(({ resourceVersion }) => resourceVersion),
  )
})
