// Where one can go, beside the page.
'use client'
import { SlidersHorizontal } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { StatusMark } from '@/components/ui/status'
import { routes } from '@/lib/routes'
import { Link } from './link'
import { Wordmark } from './logo'
import { usePlaces } from './places'
import { UserMenu } from './userMenu'

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
