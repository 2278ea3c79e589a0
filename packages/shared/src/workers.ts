// How many processes a proxy's data path may run in, as the command and the proxy both read it.
import { z } from 'zod'

/** More processes than machines have processors; each has some 40 MB. */
const MOST_WORKERS = 64

export const workersSchema = z
  .string()
  .regex(/^[1-9]\d?$/, `must be a whole number from 1 to ${MOST_WORKERS}`)
  .transform(Number)
  .refine((n) => n <= MOST_WORKERS, `must be a whole number from 1 to ${MOST_WORKERS}`)
