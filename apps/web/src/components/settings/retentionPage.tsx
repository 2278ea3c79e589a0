// What is kept how long, and what it takes.
'use client'
import { useQuery } from '@tanstack/react-query'
import { PageSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { DASH, formatBytes } from '@/data/numbers'
import { lengthText } from '@/data/timeRange'
import { useTRPC } from '@/trpc/client'
import { SettingsHead } from './settingsHead'

export function RetentionPage() {
  const trpc = useTRPC()
  const query = useQuery(trpc.settings.retention.queryOptions())
  if (query.data === undefined)
    return query.isError ? (
      <PanelError what="What is kept" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PageSkeleton />
    )
  const { kept, databaseBytes } = query.data
  return (
    <>
      <SettingsHead title={`The database takes ${formatBytes(databaseBytes)}`}>
        Old numbers are dropped whole, a partition at a time, so that nothing has to be cleaned up. These times are
        fixed: what should last longer is scraped from <code className="font-mono text-12">/metrics</code>, which every
        process has.
      </SettingsHead>
      <table className="grid-table">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" className="max-md:hidden">
              In it
            </th>
            <th scope="col" className="number">
              Kept
            </th>
            <th scope="col" className="number">
              Takes now
            </th>
          </tr>
        </thead>
        <tbody>
          {kept.map((row) => (
            <tr key={row.what}>
              <td className="font-medium">{row.what}</td>
              <td className="text-ink-2 max-md:hidden">{row.detail}</td>
              <td className="number">{row.keptMs === null ? 'for ever' : lengthText(row.keptMs)}</td>
              <td className="number">{row.bytes === null ? DASH : formatBytes(row.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
