// A process named so that it cannot be mistaken for a later one with the same number: its id and when it began.
import { z } from 'zod'
import { beginningOf } from '../../../../scripts/processId.mjs'

export const processIdSchema = z.object({ pid: z.int().min(1), began: z.string() })
export type ProcessId = z.infer<typeof processIdSchema>

export function thisProcess(): ProcessId {
  return { pid: process.pid, began: beginningOf(process.pid) ?? 'unknown' }
}

/** Whether that very process still runs. */
export function isSameProcess({ pid, began }: ProcessId): boolean {
  return beginningOf(pid) === began
}
