// Where the connections of a TCP service go, in place of its routes: it can have none, since nobody reads what is said.
import { TextLink } from '@/components/frame/link'
import { StatusMark } from '@/components/ui/status'
import { plural } from '@/data/numbers'
import { BALANCING_TEXT, idleRoutes } from '@/data/opaqueService'
import { routes } from '@/lib/routes'
import type { ServicesGetOutput } from '@/server/schemas/services'

export function OpaqueRouting({ data }: Readonly<{ data: ServicesGetOutput }>) {
  const { service, instanceCount, balancing, versions } = data
  const idle = idleRoutes(data.routes)
  const [version] = versions
  return (
    <section aria-label="Routes" className="mt-8 max-w-[720px]">
      <h2 className="mb-2 font-semibold text-14">Where connections go</h2>
      <dl className="grid grid-cols-[132px_minmax(0,1fr)] border-line border-t [&>*]:border-line [&>*]:border-b [&>*]:py-2 max-md:grid-cols-1 max-md:[&>dt]:border-b-0 max-md:[&>dt]:pb-0">
        <dt className="text-ink-2">All connections</dt>
        <dd>
          {instanceCount.ready === 0
            ? `are refused now: no instance of ${service} is ready.`
            : `go to ${plural(instanceCount.ready, 'ready instance')} of ${service}, of any version, by ${BALANCING_TEXT[balancing]}.`}
        </dd>
        <dt className="text-ink-2">Routes</dt>
        <dd>
          do nothing here, and none can be added: they match requests, and a connection is passed on as it is.
          {idle.length > 0 && (
            <span className="mt-1 flex gap-2.5">
              <StatusMark state="degraded" className="mt-1" />
              <span>
                <span className="font-medium">{idle.join(', ')}</span> {idle.length === 1 ? 'is' : 'are'} stored for it
                all the same. <TextLink href={routes.service(service, 'traffic')}>Look at or delete</TextLink>
              </span>
            </span>
          )}
        </dd>
        <dt className="text-ink-2">Access rules</dt>
        <dd>
          judge each connection as a whole, by who calls.{' '}
          <TextLink href={routes.service(service, 'access')}>Rules of {service}</TextLink>
        </dd>
        <dt className="text-ink-2">Callers</dt>
        <dd>
          reach it by a local port of their own,{' '}
          <code className="font-mono text-12">heddle run --upstream {service}:PORT</code>
          {version !== undefined && (
            <>
              ;{' '}
              <code className="font-mono text-12">
                {service}-{version.version}:PORT
              </code>{' '}
              reaches that version alone
            </>
          )}
          .
        </dd>
      </dl>
    </section>
  )
}
