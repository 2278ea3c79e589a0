// Before anybody is there: what the one-time link and the sign-in show.
import { test } from '@playwright/test'
import { take } from './camera.ts'

test('first start', async ({ page }) => {
  const link = process.env.HEDDLE_E2E_SETUP_LINK
  test.skip(link === undefined || link === '', 'the mesh has its admin already')
  await take(page, { name: 'first-start', path: link ?? '', screens: ['desk', 'phone'] })
})

test('sign in', async ({ page }) => {
  await take(page, { name: 'sign-in', path: '/sign-in', screens: ['desk', 'phone'] })
})
