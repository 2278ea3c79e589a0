// Where one can go: the rail beside the page, and the bar below it on the phone.
'use client'
import { Brackets, KeyRound, LayoutGrid, ListTree, SlidersHorizontal, Split } from 'lucide-react'
import { usePathname } from 'next/navigation'
import type { ComponentType } from 'react'
import { StatusMark } from '@/components/ui/status'
import { routes } from '@/lib/routes'
import { Link } from './link'
import { useLive } from './liveProvider'
import { Wordmark } from './logo'
import { UserMenu } from './userMenu'

interface Place {
  href: string
  label: string
  Icon: ComponentType<{ size?: number; className?: string; 'aria-hidden'?: boolean }>
}
const PLACES: readonly Place[] = [
  { href: routes.services, label: 'Services', Icon: LayoutGrid },
  { href: routes.traffic, label: 'Traffic', Icon: Split },
  { href: routes.access, label: 'Access', Icon: KeyRound },
  { href: routes.proxies, label: 'Proxies', Icon: Brackets },
  { href: routes.changes, label: 'Changes', Icon: ListTree },
]

function usePlaces() {
  const path = usePathname()
  const { tick } = useLive()
  return PLACES.map((place) => ({
    ...place,
    isHere: path === place.href || path.startsWith(`${place.href}/`),
    wanting: place.href === routes.proxies ? (tick?.proxiesWanting ?? 0) : 0,
  }))
}

export function Rail() {
  const places = usePlaces()
  const isInSettings = usePathname().startsWith(routes.settings)
  return (
    <div className="w-(--rail) shrink-0 border-line border-r bg-side max-md:hidden">
      <div className="sticky top-0 flex h-dvh flex-col">
        <Link href={routes.services} className="flex h-[54px] items-center px-[18px]">
          <Wordmark />
        </Link>
        <nav aria-label="Main" className="flex flex-col gap-px px-2.5">
          {places.map(({ href, label, Icon, isHere, wanting }) => (
            <Link
              key={href}
              href={href}
              aria-current={isHere ? 'page' : undefined}
              className="flex h-8 items-center gap-3 rounded-2 px-2 font-medium text-ink-2 hover:bg-hover aria-[current]:bg-press aria-[current]:text-ink"
            >
              <Icon size={15} aria-hidden className={label === 'Traffic' ? 'rotate-90' : ''} />
              {label}
              {wanting > 0 && (
                <span className="ml-auto inline-flex items-center gap-1.5 text-warn-text">
                  <StatusMark state="degraded" />
                  {wanting}
                  <span className="sr-only"> want attention</span>
                </span>
              )}
            </Link>
          ))}
        </nav>
        <nav aria-label="Settings of the mesh" className="mt-auto border-line border-t px-2.5 pt-2">
          <Link
            href={routes.settings}
            aria-current={isInSettings ? 'page' : undefined}
            className="flex h-8 items-center gap-3 rounded-2 px-2 font-medium text-ink-2 hover:bg-hover aria-[current]:bg-press aria-[current]:text-ink"
          >
            <SlidersHorizontal size={15} aria-hidden />
            Settings
          </Link>
        </nav>
        <div className="px-[18px] py-3">
          <UserMenu />
        </div>
      </div>
    </div>
  )
}

export function BottomBar() {
  const places = usePlaces()
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-(--z-sticky) flex border-line border-t bg-side pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map(({ href, label, Icon, isHere, wanting }) => (
        <Link
          key={href}
          href={href}
          aria-current={isHere ? 'page' : undefined}
          className="relative flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-12 text-ink-2 aria-[current]:font-medium aria-[current]:text-ink"
        >
          <span className="relative">
            <Icon size={18} aria-hidden className={label === 'Traffic' ? 'rotate-90' : ''} />
            {wanting > 0 && (
              <span className="-top-1 -right-3 absolute">
                <StatusMark state="degraded" className="size-2.5" />
              </span>
            )}
          </span>
          {label}
          {wanting > 0 && <span className="sr-only">, {wanting} want attention</span>}
        </Link>
      ))}
    </nav>
  )
}
