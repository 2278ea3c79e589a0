// The head of a route's page: what it matches, what is configured for it, and its health in one sentence with the cause.
'use client'
import { ArrowRight, ExternalLink } from 'lucide-react'
import { Link, TextLink } from '@/components/frame/link'
import { buttonClass } from '@/components/ui/button'
import { HealthSentence } from '@/components/ui/healthSentence'
import { MatchText } from '@/components/ui/matchText'
import { routes } from '@/lib/routes'
import type { RouteGetOutput } from '@/server/schemas/route'

export function RouteHeader({ data }: Readonly<{ data: RouteGetOutput }>) {
  const { service, route, matches, facts } = data
  const [first, ...others] = matches
  return (
    <header className="mb-5 border-line border-b pb-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="font-semibold text-20">
          {first === undefined ? (
            route === 'default' ? (
              'Everything else'
            ) : (
              <span className="font-mono">{route}</span>
            )
          ) : (
            <MatchText match={first} size="text-20" />
          )}
        </h1>
        <span className="text-ink-2">
          <TextLink href={routes.service(service)} className="font-normal underline">
            {service}
          </TextLink>{' '}
          / {route}
          {facts.map((fact) => ` · ${fact}`)}
        </span>
        {data.links.map((link) => (
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
        {data.resource !== null && (
          <Link
            href={`${routes.service(service, 'traffic')}?rule=${encodeURIComponent(route)}`}
            className={buttonClass({ look: 'primary', size: 'small', className: 'ml-auto max-md:ml-0' })}
          >
            Shift traffic
            <ArrowRight size={14} aria-hidden />
          </Link>
        )}
      </div>
      {others.length > 0 && (
        <p className="mt-1 text-ink-2">
          Also{' '}
          {others.map((match, i) => (
            <span key={match}>
              {i > 0 && ', '}
              <MatchText match={match} />
            </span>
          ))}
        </p>
      )}
      <HealthSentence health={data.health} text={data.sentence} />
    </header>
  )
}
