// The head of a service's pages: its name and facts, its health in one sentence with the cause, the tabs.
'use client'
import { ArrowRight, ExternalLink } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { memo } from 'react'
import { Link } from '@/components/frame/link'
import { Button, buttonClass } from '@/components/ui/button'
import { HealthSentence } from '@/components/ui/healthSentence'
import { Hint } from '@/components/ui/hint'
import { Bone } from '@/components/ui/skeleton'
import { Joined } from '@/components/ui/youth'
import { BALANCING_TEXT } from '@/data/opaqueService'
import { routes, SERVICE_TABS, type ServiceTab } from '@/lib/routes'
import type { ServiceHead } from '@/server/schemas/services'
import { useIsUnknown } from './knownService'
import { useServiceHead } from './useService'
import { useTabInSight } from './useTabInSight'

const LABEL: Record<ServiceTab, string> = {
  overview: 'Overview',
  routes: 'Routes',
  traffic: 'Traffic',
  access: 'Access',
  instances: 'Instances',
  changes: 'Changes',
  settings: 'Settings',
}

/** Why there is nothing to shift; null: there is something. */
function nothingToShift({ versions, isSplit }: ServiceHead): string | null {
  if (versions.length > 1 || isSplit) return null
  const [only] = versions
  if (only === undefined) return 'No version is there yet; start one first.'
  return `Only ${only} is there; start another version first.`
}

export function ServiceHeader({ service }: Readonly<{ service: string }>) {
  const query = useServiceHead(service)
  const path = usePathname()
  const data = query.data
  const isOffered = !path.endsWith('/traffic') && data?.protocol !== 'tcp'
  const lacking = data === undefined ? null : nothingToShift(data)
  const isUnknown = useIsUnknown(service)
  if (isUnknown) return <h1 className="sr-only">{service}</h1>
  const facts =
    data === undefined
      ? []
      : [
          data.protocol,
          ...(data.owner === null ? [] : [`owner ${data.owner}`]),
          BALANCING_TEXT[data.balancing],
          `${data.instanceCount.ready} of ${data.instanceCount.all} ready`,
        ]
  return (
    <header>
      <div className="flex items-center gap-x-3 gap-y-1 max-md:hidden">
        <h1 className="font-semibold text-20">{service}</h1>
        <span className="text-ink-2">
          {facts.join(' · ')}
          {data !== undefined && data.joinedAt !== null && (
            <>
              {' · '}
              <Joined at={data.joinedAt} />
            </>
          )}
        </span>
        {data?.links.map((link) => (
          <a
            key={link.name}
            href={link.href}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1.5 font-medium text-accent-text hover:underline"
          >
            {link.name}
            <ExternalLink size={13} aria-hidden />
          </a>
        ))}
        <div className="ml-auto">
          {isOffered && lacking !== null && (
            <Hint text={lacking}>
              <Button size="small" disabled>
                Shift traffic
                <span className="sr-only"> {lacking}</span>
              </Button>
            </Hint>
          )}
          {isOffered && lacking === null && (
            <Link href={routes.service(service, 'traffic')} className={buttonClass({ look: 'primary', size: 'small' })}>
              Shift traffic
              <ArrowRight size={14} aria-hidden />
            </Link>
          )}
        </div>
      </div>
      <h1 className="sr-only md:hidden">{service}</h1>
      <div className="mt-1.5 min-h-6 text-16 max-md:text-14">
        {data !== undefined ? (
          <HealthSentence health={data.health} text={data.sentence} />
        ) : query.isError ? (
          <p className="text-ink-2">Its health could not be read.</p>
        ) : (
          <Bone className="skeleton-late h-3.5 w-96 max-w-full" />
        )}
      </div>
      <Tabs
        service={service}
        path={path}
        instances={data?.instanceCount.all ?? null}
        routes={data === undefined || data.protocol === 'tcp' ? null : data.routes}
      />
    </header>
  )
}

interface TabsProps {
  service: string
  path: string
  /** How many; null: not known yet. */
  instances: number | null
  /** Those that are configured. */
  routes: number | null
}

/** Apart from the numbers above it, which move with each tick. */
const Tabs = memo(function Tabs({ service, path, instances, routes: routeCount }: Readonly<TabsProps>) {
  const here = useTabInSight(`${path} ${instances} ${routeCount}`)
  const counts: Partial<Record<ServiceTab, number | null>> = { instances, routes: routeCount }
  return (
    <nav aria-label={`Pages of ${service}`} className="mt-3 mb-5 overflow-x-auto border-line border-b">
      <ul className="flex gap-6">
        {SERVICE_TABS.map((tab) => {
          const href = routes.service(service, tab)
          const isHere = path === href
          return (
            <li key={tab} ref={isHere ? here : null}>
              <Link
                href={href}
                aria-current={isHere ? 'page' : undefined}
                className="flex h-[38px] items-center gap-2 border-transparent border-b-2 font-medium text-ink-2 outline-offset-[-2px] hover:text-ink aria-[current]:border-ink aria-[current]:text-ink max-md:h-11 max-md:text-14"
              >
                {LABEL[tab]}
                {counts[tab] != null && <span className="font-normal text-ink-3">{counts[tab]}</span>}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
})
