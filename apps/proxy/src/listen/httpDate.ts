// The Date field (RFC 9110, 6.6.1), written once for each second.

let second = Number.NaN
let text = ''

/** `nowMs`: epoch. */
export function httpDate(nowMs: number): string {
  const now = Math.floor(nowMs / 1_000)
  if (now !== second) {
    second = now
    text = new Date(now * 1_000).toUTCString()
  }
  return text
}
