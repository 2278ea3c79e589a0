import { expect, expectAccessible, test } from './console.ts'

// Somebody is invited by a link that is shown once, and the invitation is withdrawn again.
test('inviting somebody', async ({ page }) => {
  const name = `guest-${Date.now() % 100_000}`
  await page.goto('/settings/people')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Make the link' }).click()
  const shown = page.getByRole('dialog', { name: `The invitation of ${name}` })
  await expect(shown).toContainText('/setup?token=')
  await expectAccessible(page)
  await shown.getByRole('button', { name: 'I have copied it' }).click()
  const invited = page.getByRole('listitem').filter({ hasText: name })
  await expect(invited).toContainText('as viewer')
  await invited.getByRole('button', { name: 'Withdraw' }).click()
  await expect(invited).toHaveCount(0)
})

// Mesh defaults are reviewed as a diff, applied as one change, and taken back with Undo.
test('mesh defaults', async ({ page }) => {
  await page.goto('/settings/mesh')
  await page.getByRole('textbox', { name: 'Success, %' }).fill('101')
  await expect(page.getByText('A number from 0 to 100.')).toBeVisible()
  await page.getByRole('textbox', { name: 'Success, %' }).fill('99.1')
  await page.getByRole('button', { name: 'Review the change' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('successRate: 99.1')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Apply these defaults' }).click()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page.getByRole('textbox', { name: 'Success, %' })).not.toHaveValue('99.1')
})

// The only admin cannot be removed, and the button says why.
test('the last admin stays', async ({ page }) => {
  await page.goto('/settings/people')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: 'the only one' })
  test.skip((await row.count()) === 0, 'this mesh has several admins')
  await expect(row.getByRole('button', { name: /^Remove / })).toHaveAccessibleDescription(/make somebody else an admin/)
})
