'use server'
// Keeps for a year whether single keys do something.
import { cookies } from 'next/headers'
import { isShortcuts, SHORTCUTS_COOKIE } from '@/lib/shortcuts'

export async function chooseShortcuts(shortcuts: unknown): Promise<void> {
  if (!isShortcuts(shortcuts)) return
  const jar = await cookies()
  jar.set(SHORTCUTS_COOKIE, shortcuts, { path: '/', sameSite: 'lax', httpOnly: true, maxAge: 365 * 24 * 3_600 })
}
