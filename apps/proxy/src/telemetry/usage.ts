// What a process of this proxy takes of the machine.
import { readdirSync } from 'node:fs'
import { z } from 'zod'

export const usageSchema = z.object({
  /** User and system. */
  cpuSeconds: z.number().min(0),
  residentBytes: z.number().min(0),
  heapUsedBytes: z.number().min(0),
  /** null where the system does not tell. */
  openFds: z.int().min(0).nullable(),
})
export type Usage = z.infer<typeof usageSchema>

export function ownUsage(): Usage {
  const { user, system } = process.cpuUsage()
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    heapUsedBytes: process.memoryUsage().heapUsed,
    openFds: openFds(),
  }
}

function openFds(): number | null {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return null
  }
}
