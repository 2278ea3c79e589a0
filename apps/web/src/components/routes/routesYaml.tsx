// A service's routes as one file that `heddle apply` takes. Read as they are when it is opened.
'use client'
import type { RouteKind } from '@heddle/shared/resources/anyRoute'
import { useQueries } from '@tanstack/react-query'
import { CopyButton } from '@/components/ui/copyButton'
import { CodeBox } from '@/components/ui/diff'
import { PanelError } from '@/components/ui/states'
import { applyCommand } from '@/data/lineDiff'
import { yamlOf } from '@/data/resourceYaml'
import { useTRPC } from '@/trpc/client'

/** `names`: of the routes, once each. */
export function RoutesYaml({ kind, names }: Readonly<{ kind: RouteKind; names: readonly string[] }>) {
  const trpc = useTRPC()
  const reads = useQueries({
    queries: names.map((name) => trpc.config.get.queryOptions({ kind, name }, { staleTime: 0 })),
  })
  const failed = reads.find(({ data, isError }) => data === undefined && isError)
  if (failed !== undefined)
    return <PanelError what="The YAML" error={failed.error} onRetry={() => void failed.refetch()} />
  if (reads.some(({ data }) => data === undefined)) return null
  const yaml = reads.map(({ data }) => `${yamlOf(data?.resources[0])}\n`).join('---\n')
  return (
    <div className="mb-4">
      <CodeBox label="YAML">
        <pre className="px-2.5">{yaml}</pre>
      </CodeBox>
      <div className="mt-1 flex flex-wrap gap-1">
        <CopyButton text={yaml} label="Copy YAML" />
        <CopyButton text={applyCommand(yaml)} label="Copy as heddle apply" />
      </div>
    </div>
  )
}
