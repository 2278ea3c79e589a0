// The pages of the settings, each with an address of its own.
'use client'
import { usePathname } from 'next/navigation'
import { Link } from '@/components/frame/link'
import { routes, SETTINGS_LABEL, SETTINGS_TABS } from '@/lib/routes'

export function SettingsTabs() {
  const path = usePathname()
  return (
    <nav aria-label="Settings" className="-mt-2 mb-5 overflow-x-auto border-line border-b">
      <ul className="flex gap-6">
        {SETTINGS_TABS.map((tab) => {
          const href = routes.settingsTab(tab)
          return (
            <li key={tab}>
              <Link
                href={href}
                aria-current={path === href ? 'page' : undefined}
                className="flex h-[38px] items-center whitespace-nowrap border-transparent border-b-2 font-medium text-ink-2 outline-offset-[-2px] hover:text-ink aria-[current]:border-ink aria-[current]:text-ink max-md:h-11 max-md:text-14"
              >
                {SETTINGS_LABEL[tab]}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
