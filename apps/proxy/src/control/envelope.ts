// The number of a message of config that is otherwise not valid, so that its refusal can name it.
import { z } from 'zod'

const envelopeSchema = z.object({
  type: z.enum(['snapshot', 'delta']),
  epoch: z.int().min(0),
  revision: z.int().min(0),
})

export function envelopeOf(message: unknown): { epoch: number; revision: number } | undefined {
  const parsed = envelopeSchema.safeParse(message)
  return parsed.success ? parsed.data : undefined
}
