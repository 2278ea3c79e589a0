// The document: theme from the cookie (so that nothing flashes), fonts from this server, providers.
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { isShortcuts, SHORTCUTS_COOKIE } from '@/lib/shortcuts'
import { isTheme, THEME_COOKIE } from '@/lib/theme'
import './globals.css'
import { Providers } from './providers'

export const metadata: Metadata = {
  title: { default: 'Heddle', template: '%s · Heddle' },
  description: 'The console of this service mesh.',
}
/** Every page is somebody's and live: none is made at build time, when there is no database. */
export const dynamic = 'force-dynamic'

export const viewport: Viewport = { width: 'device-width', initialScale: 1 }

export default async function RootLayout({ children }: Readonly<{ children: ReactNode }>) {
  const jar = await cookies()
  const chosen = jar.get(THEME_COOKIE)?.value
  const theme = isTheme(chosen) ? chosen : 'system'
  const keys = jar.get(SHORTCUTS_COOKIE)?.value
  const shortcuts = isShortcuts(keys) ? keys : 'on'
  return (
    <html
      lang="en"
      data-theme={theme}
      data-shortcuts={shortcuts}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  )
}
