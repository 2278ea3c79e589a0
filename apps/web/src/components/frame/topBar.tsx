// The bar above every page: where one is, how fresh the numbers are, and the one time range.
'use client'
import { ChevronLeft } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { routes, SERVICE_TABS, SETTINGS_LABEL } from '@/lib/routes'
import { Finder } from './finder'
import { Link } from './link'
import { LiveBadge } from './liveBadge'
import { Mark } from './logo'
import { RangePicker } from './rangePicker'
import { UserMenu } from './userMenu'

interface Crumb {
  label: string
  href: string
}

/** From the address alone, so that it stands before any data has come. */
function crumbsOf(path: string): Crumb[] {
  const [section = '', name, tab, ...rest] = path.split('/').filter(Boolean)
  const top = { label: section.charAt(0).toUpperCase() + section.slice(1), href: `/${section}` }
  if (name === undefined) return [top]
  if (top.href === routes.settings) {
    const label = SETTINGS_LABEL[name]
    return label === undefined ? [top] : [top, { label, href: path }]
  }
  // Of the other places none has pages below it: whatever follows is an address that leads nowhere.
  if (top.href !== routes.services) return [top]
  const service = decodeURIComponent(name)
  const crumbs = [top, { label: service, href: routes.service(service) }]
  const known = SERVICE_TABS.find((t) => t === tab)
  if (known !== undefined)
    crumbs.push({ label: known.charAt(0).toUpperCase() + known.slice(1), href: routes.service(service, known) })
  // The label of a route has a slash in it: `catalog/products`.
  if (tab === 'routes' && rest.length > 0) {
    const label = rest.map(decodeURIComponent).join('/')
    crumbs.push({ label, href: routes.route(service, label) })
  }
  return crumbs
}

export function TopBar() {
  const path = usePathname()
  const crumbs = crumbsOf(path)
  const [first] = crumbs
  const last = crumbs.at(-1)
  return (
    <header className="sticky top-0 z-(--z-sticky) flex h-12 items-center gap-4 border-line border-b bg-canvas px-6 max-md:h-[52px] max-md:gap-2.5 max-md:px-4">
      <nav aria-label="Breadcrumb" className="min-w-0 max-md:hidden">
        <ol className="flex items-center gap-2 whitespace-nowrap">
          {crumbs.map((crumb, i) => (
            <li key={crumb.href} className={`flex items-center gap-2 ${crumb === last ? 'min-w-0' : ''}`}>
              {i > 0 && (
                <span aria-hidden className="text-ink-3">
                  /
                </span>
              )}
              {crumb === last ? (
                <span aria-current="page" className="truncate font-semibold">
                  {crumb.label}
                </span>
              ) : (
                <Link href={crumb.href} className="text-ink-2 hover:text-ink hover:underline">
                  {crumb.label}
                </Link>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <div className="flex min-w-0 items-center gap-2.5 md:hidden">
        {crumbs.length > 1 ? (
          <Link
            href={first?.href ?? routes.services}
            aria-label={`Back to ${first?.label}`}
            className="-ml-3 grid size-11 place-items-center"
          >
            <ChevronLeft size={18} aria-hidden />
          </Link>
        ) : (
          <Mark />
        )}
        <span className="truncate font-semibold text-16">{crumbs.length > 1 ? crumbs[1]?.label : first?.label}</span>
      </div>
      <div className="ml-auto flex shrink-0 items-center gap-4 max-md:gap-1.5">
        <Finder />
        <LiveBadge />
        {/* Settings are of no range; their address keeps that of the other pages. */}
        {!path.startsWith(routes.settings) && <RangePicker />}
        <span className="md:hidden">
          <UserMenu compact />
        </span>
      </div>
    </header>
  )
}
