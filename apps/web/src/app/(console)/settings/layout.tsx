// What the pages of the settings share: their tabs.
import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { SettingsTabs } from '@/components/settings/settingsTabs'

export const metadata: Metadata = { title: 'Settings' }

export default function SettingsLayout({ children }: Readonly<{ children: ReactNode }>) {
  return (
    <>
      <SettingsTabs />
      {children}
    </>
  )
}
