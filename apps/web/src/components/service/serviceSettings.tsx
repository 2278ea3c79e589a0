// The settings of a service: its form, how to do the same with a command, and deleting it.
'use client'
import type { Service } from '@heddle/shared/resources/service'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { usePermission } from '@/components/frame/usePermission'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copyButton'
import { GuardedButton } from '@/components/ui/permission'
import { PageSkeleton, TableSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { applyCommand } from '@/data/lineDiff'
import { routes } from '@/lib/routes'
import { ServiceDialogs } from './serviceDialogs'
import { useServiceHead } from './useService'
import { useServiceChange } from './useServiceChange'

const loadForm = () => import('./serviceForm').then((module) => module.ServiceForm)
// With the page's own code, so that the form is there when the settings are.
if (typeof window !== 'undefined') void loadForm().catch(() => {})
const ServiceForm = dynamic(loadForm, { ssr: false, loading: TableSkeleton })

export function ServiceSettings({ service }: Readonly<{ service: string }>) {
  const router = useRouter()
  const query = useServiceHead(service)
  const permission = usePermission('service.write')
  const newest = query.data?.resource
  // What one is writing was begun on this version; a newer one is told of and not put under the hand.
  const [base, setBase] = useState<Service | null>(null)
  const change = useServiceChange((_name, isGone) => {
    setBase(null)
    if (isGone) router.push(routes.services)
  })
  useEffect(() => {
    if (newest !== undefined) setBase((held) => held ?? newest)
  }, [newest])
  if (base === null)
    return query.isError ? (
      <PanelError what="The settings" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PageSkeleton />
    )
  const isNewer =
    newest !== undefined && Number(newest.metadata.resourceVersion) > Number(base.metadata.resourceVersion)
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <h2 className="font-semibold text-14">Settings</h2>
        <span className="text-12 text-ink-2">What is left empty has its default.</span>
        <span className="ml-auto flex items-center gap-2">
          <CopyButton
            text={async () => applyCommand((await import('@/data/resourceYaml')).yamlOf(base))}
            label="Copy as heddle apply"
          />
          <GuardedButton
            permission={permission}
            size="small"
            look="danger"
            onClick={() => change.review({ before: base, after: null })}
          >
            Delete service
          </GuardedButton>
        </span>
      </div>
      {isNewer && (
        <p role="status" className="mb-3 flex flex-wrap items-center gap-3 rounded-2 bg-warn-tint px-3 py-2.5">
          <span className="flex-1">These settings were changed meanwhile; the form shows them as they were.</span>
          <Button size="small" onClick={() => setBase(newest)}>
            Load the newest
          </Button>
        </p>
      )}
      <ServiceForm
        key={base.metadata.resourceVersion}
        base={base}
        meshObjective={query.data === undefined ? null : String(query.data.objective.successRate)}
        onReview={(after) => change.review({ before: base, after })}
      />
      <ServiceDialogs change={change} />
    </>
  )
}
