// The certificate authority: roots and issuers with their dates, when each is followed by the next, and the leaves.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useNow } from '@/components/frame/clock'
import { useMoment } from '@/components/frame/useMoment'
import { PageSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import { DASH, formatCount } from '@/data/numbers'
import { dateText, lengthText } from '@/data/timeRange'
import type { AuthorityOutput } from '@/server/schemas/settings'
import { useTRPC } from '@/trpc/client'
import { SettingsHead } from './settingsHead'

type Certificate = AuthorityOutput['certificates'][number]
const WORD: Record<Certificate['state'], string> = { active: 'Signs', trusted: 'Trusted only', retired: 'Out' }

export function AuthorityPage() {
  const trpc = useTRPC()
  const now = useNow()
  const moment = useMoment()
  const query = useQuery(trpc.settings.authority.queryOptions())
  if (query.data === undefined)
    return query.isError ? (
      <PanelError what="The certificate authority" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PageSkeleton />
    )
  const { trustDomain, certificates, leafTtlMs, firstToExpire } = query.data
  const next = certificates.flatMap(({ nextAt }) => nextAt ?? []).sort((a, b) => a - b)[0]
  return (
    <>
      <SettingsHead
        title={
          next === undefined
            ? 'No issuer signs yet'
            : now !== null && next <= now
              ? 'The next issuer is due: a control plane makes it within the hour'
              : `The next issuer is made by itself on ${dateText(next)}`
        }
      >
        {trustDomain !== null && (
          <>
            Trust domain <span className="font-mono text-12">spiffe://{trustDomain}</span>.{' '}
          </>
        )}
        Keys are sealed by a file that only control planes read; the console cannot.
      </SettingsHead>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll by keys too */}
      <section aria-label="Certificates" tabIndex={0} className="relative overflow-x-auto">
        <table className="grid-table max-md:min-w-[640px]">
          <thead>
            <tr>
              <th scope="col">Certificate</th>
              <th scope="col">State</th>
              <th scope="col">From, UTC</th>
              <th scope="col">Until, UTC</th>
              <th scope="col" className="number">
                Left
              </th>
              <th scope="col">Followed by the next</th>
              <th scope="col" className="number">
                Leaves held
              </th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {certificates.map((one) => (
              <CertificateRow key={one.id} certificate={one} now={now} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-4 max-w-[720px] text-ink-2">
        Every proxy’s own certificate lives {lengthText(leafTtlMs)} and is renewed at half of that, with the database
        and the console away too.
        {firstToExpire !== null && (
          <>
            {' '}
            The first of them to end is that of <span className="font-mono text-12">{firstToExpire.instance}</span>, at{' '}
            {moment(firstToExpire.at)}.
          </>
        )}
      </p>
    </>
  )
}

function CertificateRow({ certificate, now }: Readonly<{ certificate: Certificate; now: number | null }>) {
  const { id, kind, state, notBefore, notAfter, nextAt, leaves } = certificate
  return (
    <tr>
      <td className="font-medium">{kind === 'root' ? 'Root' : 'Issuer'}</td>
      <td>
        <span className="inline-flex items-center gap-2 whitespace-nowrap">
          <StatusMark state={state === 'active' ? 'healthy' : 'idle'} />
          {WORD[state]}
        </span>
      </td>
      <td className="whitespace-nowrap">{dateText(notBefore)}</td>
      <td className="whitespace-nowrap">{dateText(notAfter)}</td>
      <td className="number">{now === null ? DASH : lengthText(notAfter - now)}</td>
      <td className="whitespace-nowrap text-ink-2">
        {nextAt === null ? (kind === 'root' ? 'not by itself' : DASH) : `${dateText(nextAt)}, by itself`}
      </td>
      <td className="number">{kind === 'root' ? DASH : formatCount(leaves)}</td>
      <td className="min-w-40 break-all py-1 font-mono text-12 text-ink-2">{id}</td>
    </tr>
  )
}
