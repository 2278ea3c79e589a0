// Behind "More" of the phone's bar.
'use client'
import { Menu } from '@base-ui/react/menu'
import { useRouter, useSearchParams } from 'next/navigation'
import type { ReactNode } from 'react'
import { StatusMark } from '@/components/ui/status'
import type { LateProps } from '@/components/ui/useLate'
import { withQuery } from '@/lib/routes'
import type { PlaceNow } from './places'

interface Props extends LateProps {
  places: readonly PlaceNow[]
  /** One of them is the page that is open. */
  isHere: boolean
  /** What the button says. */
  children: ReactNode
  className: string
}

export function MoreMenu({ places, isHere, children, className, trigger }: Readonly<Props>) {
  const router = useRouter()
  const query = useSearchParams()
  return (
    <Menu.Root>
      <Menu.Trigger ref={trigger} aria-current={isHere ? 'page' : undefined} className={className}>
        {children}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-(--z-popover)">
          <Menu.Popup className="min-w-48 rounded-3 bg-raised py-1.5 shadow-pop outline-none">
            {places.map(({ href, label, Icon, wanting }) => (
              <Menu.Item
                key={href}
                onClick={() => router.push(withQuery(href, query))}
                className="flex min-h-11 items-center gap-3 px-4 text-14 outline-none data-highlighted:bg-hover-raised"
              >
                <Icon size={16} aria-hidden />
                {label}
                {wanting > 0 && (
                  <span className="ml-auto inline-flex items-center gap-1.5 text-warn-text">
                    <StatusMark state="degraded" />
                    {wanting}
                    <span className="sr-only"> want attention</span>
                  </span>
                )}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
