// Where one can go: the rail beside the page, and the bar below it on the phone.
'use client'
import { Menu } from '@base-ui/react/menu'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Brackets, Ellipsis, KeyRound, LayoutGrid, ListTree, SlidersHorizontal, Split, Waypoints } from 'lucide-react'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import type { ComponentType } from 'react'
import { StatusMark } from '@/components/ui/status'
import { routes, withQuery } from '@/lib/routes'
import { useTRPC } from '@/trpc/client'
import { Link } from './link'
import { useLive } from './liveProvider'
import { Wordmark } from './logo'
import { useRange } from './useRange'
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
  { href: routes.map, label: 'Map', Icon: Waypoints },
  { href: routes.proxies, label: 'Proxies', Icon: Brackets },
  { href: routes.changes, label: 'Changes', Icon: ListTree },
]
const SETTINGS: Place = { href: routes.settings, label: 'Settings', Icon: SlidersHorizontal }
/** A thumb's bar has room for five: the rest is behind "More". */
const ON_THE_PHONE: ReadonlySet<string> = new Set([routes.services, routes.traffic, routes.access, routes.changes])

/** The numbers beside the places are those of the pages' own titles. */
function usePlaces() {
  const path = usePathname()
  const { tick } = useLive()
  const trpc = useTRPC()
  const { input } = useRange()
  const attention = useQuery(
    trpc.services.attention.queryOptions({ range: input }, { placeholderData: keepPreviousData }),
  )
  const wanting: Record<string, number> = {
    [routes.services]: attention.data?.attention ?? 0,
    [routes.proxies]: tick?.proxiesWanting ?? 0,
  }
  return [...PLACES, SETTINGS].map((place) => ({
    ...place,
    isHere: path === place.href || path.startsWith(`${place.href}/`),
    wanting: wanting[place.href] ?? 0,
  }))
}

/** Between the phone and a wide screen the rail is a strip of icons: the page needs the room. */
const railClass =
  'relative flex h-8 items-center gap-3 rounded-2 px-2 font-medium text-ink-2 hover:bg-hover aria-[current]:bg-press aria-[current]:text-ink max-lg:justify-center'

export function Rail() {
  const places = usePlaces().filter(({ href }) => href !== routes.settings)
  const isInSettings = usePathname().startsWith(routes.settings)
  return (
    <div className="w-(--rail) shrink-0 border-line border-r bg-side max-lg:w-14 max-md:hidden">
      <div className="sticky top-0 flex h-dvh flex-col">
        <Link href={routes.services} className="flex h-[54px] items-center px-[18px] max-lg:px-[17px]">
          <Wordmark wordClass="max-lg:sr-only" />
        </Link>
        <nav aria-label="Main" className="flex flex-col gap-px px-2.5">
          {places.map(({ href, label, Icon, isHere, wanting }) => (
            <Link key={href} href={href} aria-current={isHere ? 'page' : undefined} title={label} className={railClass}>
              <Icon size={15} aria-hidden className={label === 'Traffic' ? 'rotate-90' : ''} />
              <span className="max-lg:sr-only">{label}</span>
              {wanting > 0 && (
                <span className="ml-auto inline-flex items-center gap-1.5 text-warn-text max-lg:absolute max-lg:top-1 max-lg:right-1">
                  <StatusMark state="degraded" className="max-lg:size-2.5" />
                  <span className="max-lg:sr-only">{wanting}</span>
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
            title="Settings"
            className={railClass}
          >
            <SlidersHorizontal size={15} aria-hidden />
            <span className="max-lg:sr-only">Settings</span>
          </Link>
        </nav>
        <div className="px-[18px] py-3 max-lg:px-3">
          <UserMenu />
        </div>
      </div>
    </div>
  )
}

const barClass =
  'relative flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-12 text-ink-2 aria-[current]:font-medium aria-[current]:text-ink'

export function BottomBar() {
  const all = usePlaces()
  const router = useRouter()
  const query = useSearchParams()
  const places = all.filter(({ href }) => ON_THE_PHONE.has(href))
  const more = all.filter(({ href }) => !ON_THE_PHONE.has(href))
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-(--z-sticky) flex border-line border-t bg-side pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map(({ href, label, Icon, isHere, wanting }) => (
        <Link key={href} href={href} aria-current={isHere ? 'page' : undefined} className={barClass}>
          <BarIcon Icon={Icon} isTurned={label === 'Traffic'} isWanting={wanting > 0} />
          {label}
          {wanting > 0 && <span className="sr-only">, {wanting} want attention</span>}
        </Link>
      ))}
      <Menu.Root>
        <Menu.Trigger aria-current={more.some(({ isHere }) => isHere) ? 'page' : undefined} className={barClass}>
          <BarIcon Icon={Ellipsis} isTurned={false} isWanting={more.some(({ wanting }) => wanting > 0)} />
          More
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end" className="z-(--z-popover)">
            <Menu.Popup className="min-w-48 rounded-3 bg-raised py-1.5 shadow-pop outline-none">
              {more.map(({ href, label, Icon, wanting }) => (
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
    </nav>
  )
}

function BarIcon({
  Icon,
  isTurned,
  isWanting,
}: Readonly<{ Icon: Place['Icon']; isTurned: boolean; isWanting: boolean }>) {
  return (
    <span className="relative">
      <Icon size={18} aria-hidden className={isTurned ? 'rotate-90' : ''} />
      {isWanting && (
        <span className="-top-1 -right-3 absolute">
          <StatusMark state="degraded" className="size-2.5" />
        </span>
      )}
    </span>
  )
}
