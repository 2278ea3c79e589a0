// Durations as texts, read and written: apart from their schema, so that pages need not load a validator.

const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const
const FORM = /^(?:(\d{1,5})h)?(?:(\d{1,5})m(?!s))?(?:(\d{1,5})s)?(?:(\d{1,5})ms)?$/

/** Milliseconds of a GEP-2257 duration, or undefined where the text is not one. "0s" is 0. */
export function parseDurationMs(text: string): number | undefined {
  const match = FORM.exec(text)
  if (!match || text === '') return undefined
  const [, h = '0', m = '0', s = '0', ms = '0'] = match
  return Number(h) * UNIT_MS.h + Number(m) * UNIT_MS.m + Number(s) * UNIT_MS.s + Number(ms)
}

/** The shortest GEP-2257 text for a whole, non-negative number of milliseconds: 90000 gives "1m30s". */
export function formatDurationMs(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`not a duration in whole milliseconds: ${ms}`)
  if (ms === 0) return '0s'
  let rest = ms
  let text = ''
  for (const unit of ['h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / UNIT_MS[unit])
    if (count > 0) text += `${count}${unit}`
    rest -= count * UNIT_MS[unit]
  }
  return text
}
