'use server'
// Keeps the chosen theme for a year.
import { cookies } from 'next/headers'
import { isTheme, THEME_COOKIE } from '@/lib/theme'

export async function chooseTheme(theme: unknown): Promise<void> {
  if (!isTheme(theme)) return
  const jar = await cookies()
  jar.set(THEME_COOKIE, theme, { path: '/', sameSite: 'lax', httpOnly: true, maxAge: 365 * 24 * 3_600 })
}
