// Where one can go on the phone: a thumb's bar below the page.
'use client'
import { Ellipsis } from 'lucide-react'
import { StatusMark } from '@/components/ui/status'
import { useLate } from '@/components/ui/useLate'
import { routes } from '@/lib/routes'
import { Link } from './link'
import { type Place, usePlaces } from './places'

/** It has room for five: the rest is behind "More". */
const ON_THE_PHONE: ReadonlySet<string> = new Set([routes.services, routes.traffic, routes.access, routes.changes])

const loadMore = () => import('./moreMenu').then((module) => module.MoreMenu)

const barClass =
  'relative flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-12 text-ink-2 aria-[current]:font-medium aria-[current]:text-ink'

export function BottomBar() {
  const all = usePlaces()
  const { Real, trigger, standIn } = useLate(loadMore)
  const places = all.filter(({ href }) => ON_THE_PHONE.has(href))
  const more = all.filter(({ href }) => !ON_THE_PHONE.has(href))
  const isInMore = more.some(({ isHere }) => isHere)
  const label = (
    <>
      <BarIcon Icon={Ellipsis} isTurned={false} isWanting={more.some(({ wanting }) => wanting > 0)} />
      More
    </>
  )
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
      {Real === null ? (
        <button {...standIn} aria-current={isInMore ? 'page' : undefined} className={barClass}>
          {label}
        </button>
      ) : (
        <Real places={more} isHere={isInMore} className={barClass} trigger={trigger}>
          {label}
        </Real>
      )}
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
