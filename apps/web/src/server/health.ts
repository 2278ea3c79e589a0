// Whether the console can do its work: the schema is current and the database answers now.
import type { Console } from './console.ts'

export async function health(console: Console): Promise<{ ok: boolean; reason: string | null }> {
  const gate = await console.gate.check()
  if (!gate.ready) return { ok: false, reason: gate.reason }
  return (await console.pulse.beats())
    ? { ok: true, reason: null }
    : { ok: false, reason: 'The database does not answer.' }
}
