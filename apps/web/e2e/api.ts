// The console's API as the page's own session asks it: for what a test begins with, and what it must find afterwards.
import { type APIResponse, expect, type Page } from '@playwright/test'
import { z } from 'zod'

const envelope = z.object({ result: z.object({ data: z.object({ json: z.unknown() }) }) })

/** A query's answer. */
export async function read<T>(page: Page, procedure: string, input: unknown, output: z.ZodType<T>): Promise<T> {
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`
  const answer = await page.request.get(`/api/trpc/${procedure}${query}`)
  expect(answer.ok(), await answer.text()).toBe(true)
  return output.parse(envelope.parse(await answer.json()).result.data.json)
}

/** A mutation, whatever it answers. The page must be at the console: a change comes with its origin. */
export function ask(page: Page, procedure: string, input: unknown): Promise<APIResponse> {
  return page.request.post(`/api/trpc/${procedure}`, {
    headers: { origin: new URL(page.url()).origin },
    data: { json: input },
  })
}

/** A mutation that is allowed and makes sense. */
export async function change(page: Page, procedure: string, input: unknown): Promise<void> {
  const answer = await ask(page, procedure, input)
  expect(answer.ok(), await answer.text()).toBe(true)
}
