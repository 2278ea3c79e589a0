// What the backend answers, the same for all arms. Pure.

/** Bytes of each answer's body. */
export const SIZES = { small: 1_024, large: 65_536, huge: 1_048_576 } as const

export const PATHS = { small: '/small', large: '/large', huge: '/huge' } as const

/** A body of so many bytes, JSON as an API gives it: what is compressed or scanned on the way is not zeros. */
export function bodyOf(bytes: number): string {
  const frame = '{"items":""}'
  return `{"items":"${'0123456789abcdef'.repeat(Math.ceil(bytes / 16)).slice(0, bytes - frame.length)}"}`
}
