// Input and output of `search.find`: what the command palette finds, a few of each kind.
import { z } from 'zod'
import { changeMarkSchema } from './numbers.ts'

export const MOST_FOUND = 6

export const searchFindInputSchema = z.object({ query: z.string().max(100) })

export const searchFindOutputSchema = z.object({
  services: z.array(z.object({ service: z.string(), owner: z.string().nullable() })).max(MOST_FOUND),
  routes: z.array(z.object({ service: z.string(), route: z.string(), match: z.string() })).max(MOST_FOUND),
  rules: z.array(z.object({ rule: z.string(), words: z.string() })).max(MOST_FOUND),
  /** Of the newest 100. */
  changes: z.array(changeMarkSchema).max(MOST_FOUND),
})
export type SearchFindOutput = z.infer<typeof searchFindOutputSchema>
