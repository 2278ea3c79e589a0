// Times as typed: "2026-11-18 13:32", always UTC.

const FORM = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})$/

export function utcText(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

/** Milliseconds since the epoch, or null where the text is no time ("2026-02-31 10:00" is none). */
export function parseUtc(text: string): number | null {
  const match = FORM.exec(text.trim())
  if (match === null) return null
  const [, year, month, day, hour, minute] = match.map(Number)
  const at = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0)
  return utcText(at) === text.trim().replace('T', ' ') ? at : null
}
