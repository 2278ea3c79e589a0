// Other people than the admin: invited by a link, and come in by it, each in a browser of their own.
import { type Browser, expect, type Page } from '@playwright/test'
import { z } from 'zod'
import { ask, change } from './api.ts'

const PASSWORD = 'another horse battery staple'
const linkSchema = z.object({ result: z.object({ data: z.object({ json: z.object({ link: z.url() }) }) }) })

export interface Person extends AsyncDisposable {
  name: string
  page: Page
}

/** `admin`: a page at the console. Whoever comes in is removed again in the end. */
export async function comeIn(admin: Page, browser: Browser, name: string, role: string): Promise<Person> {
  const answer = await ask(admin, 'users.create', { name, role })
  expect(answer.ok(), await answer.text()).toBe(true)
  const { pathname, search } = new URL(linkSchema.parse(await answer.json()).result.data.json.link)
  const baseURL = new URL(admin.url()).origin
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  const page = await context.newPage()
  await page.goto(`${pathname}${search}`)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set password and open the console' }).click()
  await expect(page).toHaveURL(/\/services/)
  return {
    name,
    page,
    async [Symbol.asyncDispose]() {
      await context.close()
      await change(admin, 'users.remove', { name })
    },
  }
}

/** A name that nobody had in a test before. */
export const newName = (kind: string): string => `${kind}-${Date.now().toString(36)}`
