// The part of a long list that a page asks for.
import { z } from 'zod'
import { FIRST_WINDOW } from '../../data/listWindow.ts'

export const listWindowSchema = z.object({
  /** Place of the first row wanted, the first of all being 0. */
  from: z.int().min(0).default(FIRST_WINDOW.from),
  count: z.int().min(1).max(10_000).default(FIRST_WINDOW.count),
})
