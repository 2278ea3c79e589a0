// Links from services to other tools: one template for many services, with a preview of what it becomes.
'use client'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { usePermission } from '@/components/frame/usePermission'
import { GuardedButton } from '@/components/ui/permission'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { type LinkTemplate, linkTemplates, parseServices, previewLink, withLink } from '@/data/linkTemplates'
import { plural } from '@/data/numbers'
import { useTRPC } from '@/trpc/client'
import { LinkDialog, type LinkDraft } from './linkDialog'
import { SettingsHead } from './settingsHead'

const ApplyDialog = dynamic(() => import('./applyDialog').then((module) => module.ApplyDialog))

export function LinksPage() {
  const trpc = useTRPC()
  const permission = usePermission('service.write')
  const query = useQuery(trpc.config.get.queryOptions({ kind: 'Service' }, { staleTime: 0 }))
  const [isAdding, setAdding] = useState(false)
  const [proposed, setProposed] = useState<LinkDraft | null>(null)
  if (query.data === undefined)
    return query.isError ? (
      <PanelError what="The links" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PageSkeleton />
    )
  const services = parseServices(query.data.resources)
  const templates = linkTemplates(services)
  const edits =
    proposed === null
      ? []
      : withLink(
          services.filter(({ metadata }) => proposed.services.includes(metadata.name)),
          proposed.name,
          proposed.template,
        ).map((after) => ({
          what: `Service ${after.metadata.name}`,
          before: services.find(({ metadata }) => metadata.name === after.metadata.name) ?? null,
          after,
        }))
  const remove = ({ name, services: holders }: LinkTemplate) => setProposed({ name, template: null, services: holders })
  return (
    <>
      <SettingsHead
        title={templates.length === 0 ? 'No service links to another tool' : plural(templates.length, 'link template')}
        action={
          <GuardedButton
            permission={permission}
            look="primary"
            disabled={services.length === 0}
            onClick={() => setAdding(true)}
          >
            Add a link
          </GuardedButton>
        }
      >
        A link stands on the pages of a service and of its routes: a dashboard, logs, traces, a runbook.{' '}
        <code className="font-mono text-12">{'{service}'}</code> and{' '}
        <code className="font-mono text-12">{'{route}'}</code> are filled in.
      </SettingsHead>
      {templates.length === 0 ? (
        <Empty title="No link yet">
          One template serves every service:{' '}
          <code className="inline-block font-mono text-12 wrap-anywhere">
            {'https://boards.example.org/d/{service}?route={route}'}
          </code>
        </Empty>
      ) : (
        <ul className="border-line border-t">
          {templates.map((one) => {
            const href = previewLink(one.template, one.services[0] ?? '', '')
            return (
              <li
                key={`${one.name} ${one.template}`}
                className="grid grid-cols-[160px_minmax(0,1fr)_auto_auto] items-center gap-x-4 border-line border-b py-1.5 max-md:grid-cols-[1fr_auto]"
              >
                <bdi className="truncate font-medium" title={one.name}>
                  {one.name}
                </bdi>
                <span className="min-w-0 max-md:col-span-2 max-md:row-start-2">
                  <code className="block break-all font-mono text-12">{one.template}</code>
                  {href !== null && (
                    <a
                      href={href}
                      target="_blank"
                      rel="noreferrer"
                      className="inline-flex max-w-full items-center gap-1 text-12 text-accent-text hover:underline"
                    >
                      <span className="truncate">{href}</span>
                      <ExternalLink size={11} aria-label="in a new tab" />
                    </a>
                  )}
                </span>
                <span className="text-ink-2" title={one.services.join(', ')}>
                  {one.services.length === services.length ? 'every service' : plural(one.services.length, 'service')}
                </span>
                <GuardedButton
                  permission={permission}
                  look="quiet"
                  size="small"
                  aria-label={`Take off ${one.name}`}
                  onClick={() => remove(one)}
                >
                  Take off…
                </GuardedButton>
              </li>
            )
          })}
        </ul>
      )}
      {isAdding && (
        <LinkDialog
          services={services.map(({ metadata }) => metadata.name)}
          onClose={() => setAdding(false)}
          onReview={(draft) => {
            setAdding(false)
            setProposed(draft)
          }}
        />
      )}
      {proposed !== null && (
        <ApplyDialog
          title={proposed.template === null ? `Take off the link ${proposed.name}?` : `Add the link ${proposed.name}?`}
          sentence={`${plural(edits.length, 'service')} ${edits.length === 1 ? 'is' : 'are'} edited, as one change. Traffic is not touched.`}
          act={proposed.template === null ? `Take off ${proposed.name}` : `Add ${proposed.name}`}
          edits={edits}
          onApplied={() => setProposed(null)}
          onClose={() => setProposed(null)}
        />
      )}
    </>
  )
}
