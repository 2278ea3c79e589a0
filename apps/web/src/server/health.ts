// Whether the console can do its work: the schema is current and the database answers now.
import type { Console } from './console.ts'

/** A health check that waits longer than this tells nobody anything in time. */
const PATIENCE_MS = 2_000

export async function health(console: Console): Promise<{ ok: boolean; reason: string | null }> {
  const gate = await within(console.gate.check())
  if (gate === null) return { ok: false, reason: 'The database does not answer.' }
  if (!gate.ready) return { ok: false, reason: gate.reason }
  const answered = await within(
    console.db.ping().then(
      () => true,
      () => false,
    ),
  )
  return answered === true ? { ok: true, reason: null } : { ok: false, reason: 'The database does not answer.' }
}

async function within<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      work,
      new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), PATIENCE_MS)
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}
