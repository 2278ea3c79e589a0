// The menu of the account: the theme, whether single keys do something, and the way out.
'use client'
import { Menu } from '@base-ui/react/menu'
import { Check, Settings2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { chooseShortcuts } from '@/app/shortcuts'
import { chooseTheme } from '@/app/theme'
import { signOut } from '@/auth/client'
import type { LateProps } from '@/components/ui/useLate'
import { routes } from '@/lib/routes'
import { isTheme, THEMES, type Theme } from '@/lib/theme'
import { Link } from './link'

const THEME_LABEL: Record<Theme, string> = { system: 'Like the system', light: 'Light', dark: 'Dark' }
const itemClass =
  'flex min-h-8 cursor-default items-center gap-2 px-3 text-13 outline-none data-highlighted:bg-hover-raised max-md:min-h-11'

async function leave(): Promise<void> {
  await signOut()
  // A full load: nothing of the last session stays in memory.
  window.location.assign(routes.signIn)
}

interface Props extends LateProps {
  user: { name: string; role: string } | null | undefined
  className: string
}

export function AccountMenu({ user, className, trigger }: Readonly<Props>) {
  const [theme, setTheme] = useState<Theme>('system')
  useEffect(() => {
    const chosen = document.documentElement.dataset.theme
    if (isTheme(chosen)) setTheme(chosen)
  }, [])
  const [hasShortcuts, setShortcuts] = useState(true)
  useEffect(() => setShortcuts(document.documentElement.dataset.shortcuts !== 'off'), [])
  const switchShortcuts = (isOn: boolean) => {
    const next = isOn ? 'on' : 'off'
    setShortcuts(isOn)
    document.documentElement.dataset.shortcuts = next
    void chooseShortcuts(next)
  }
  const choose = (next: Theme) => {
    setTheme(next)
    document.documentElement.dataset.theme = next
    void chooseTheme(next)
  }
  return (
    <Menu.Root>
      <Menu.Trigger ref={trigger} aria-label="Account and theme" className={className}>
        <Settings2 size={15} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-(--z-popover)">
          <Menu.Popup className="min-w-48 rounded-3 bg-raised py-1.5 shadow-pop outline-none">
            <div className="px-3 py-1.5 text-12 text-ink-2">
              {user?.name} · {user?.role}
            </div>
            <Menu.Separator className="my-1.5 h-px bg-line" />
            <Menu.RadioGroup value={theme} onValueChange={(next) => isTheme(next) && choose(next)}>
              {THEMES.map((option) => (
                <Menu.RadioItem key={option} value={option} className={itemClass}>
                  {THEME_LABEL[option]}
                  <Menu.RadioItemIndicator className="ml-auto">
                    <Check size={13} aria-hidden />
                  </Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <Menu.Separator className="my-1.5 h-px bg-line" />
            <Menu.CheckboxItem checked={hasShortcuts} onCheckedChange={switchShortcuts} className={itemClass}>
              Single-key shortcuts
              <Menu.CheckboxItemIndicator className="ml-auto">
                <Check size={13} aria-hidden />
              </Menu.CheckboxItemIndicator>
            </Menu.CheckboxItem>
            <Menu.Separator className="my-1.5 h-px bg-line" />
            <Menu.LinkItem className={itemClass} render={<Link href={routes.settings} />} closeOnClick>
              Settings
            </Menu.LinkItem>
            <Menu.Item className={itemClass} onClick={() => void leave()}>
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
