// The services page: the title is the answer; then the mesh in one line each, the worst, the last changes, the table.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useQueryState } from 'nuqs'
import { TextLink } from '@/components/frame/link'
import { usePermission } from '@/components/frame/usePermission'
import { useRange } from '@/components/frame/useRange'
import { GuardedButton } from '@/components/ui/permission'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { LEFT_KEPT_MS, useListWindow } from '@/components/ui/useListWindow'
import { servicesTitle } from '@/data/serviceList'
import { useTRPC } from '@/trpc/client'
import { CopyButton } from '../ui/copyButton'
import { MeshSummary } from './meshSummary'
import { ServicesTable } from './servicesTable'
import { useListView } from './useListView'

const NewService = dynamic(() => import('./newService').then((module) => module.NewService))

export function ServicesPage() {
  const trpc = useTRPC()
  const range = useRange()
  const permission = usePermission('service.write')
  const [wanted, setMaking] = useQueryState('new')
  const isMaking = wanted === 'service'
  const view = useListView()
  const [rows, onWindow] = useListWindow()
  const list = useQuery(
    trpc.services.list.queryOptions(
      { range: range.input, ...view.shown, ...rows },
      {
        placeholderData: keepPreviousData,
        gcTime: LEFT_KEPT_MS,
      },
    ),
  )
  if (list.data === undefined)
    return list.isError ? (
      <>
        <h1 className="mb-4 font-semibold text-20">Services</h1>
        <PanelError what="The services" error={list.error} onRetry={() => void list.refetch()} />
      </>
    ) : (
      <>
        <h1 className="sr-only">Services</h1>
        <PageSkeleton />
      </>
    )
  const making = isMaking ? <NewService onClose={() => void setMaking(null)} /> : null
  const make = (
    <GuardedButton permission={permission} size="small" disabled={isMaking} onClick={() => void setMaking('service')}>
      <Plus size={14} aria-hidden />
      New service
    </GuardedButton>
  )
  if (list.data.counts.all === 0)
    return (
      <>
        {making}
        <NothingJoined />
        {make}
      </>
    )
  return (
    <>
      <div className="mb-3.5 flex flex-wrap items-center justify-between gap-3">
        <h1 className="font-semibold text-20">{servicesTitle(list.data)}</h1>
        {make}
      </div>
      {making}
      {list.isError && <PanelError what="Newer numbers" error={list.error} onRetry={() => void list.refetch()} />}
      <MeshSummary list={list.data} />
      <ServicesTable list={list.data} view={view} onWindow={onWindow} />
    </>
  )
}

const JOIN_COMMAND = 'npx heddle run --service hello --app-port 8080 -- node server.js'

function NothingJoined() {
  return (
    <>
      <h1 className="font-semibold text-20">No service has joined yet</h1>
      <Empty title="Start one with its proxy beside it">
        <p>It appears here within a second of being ready.</p>
        <div className="mt-3 flex items-center justify-between gap-3 rounded-2 border border-line bg-well py-1.5 pr-1.5 pl-3">
          <code className="overflow-x-auto font-mono text-12">{JOIN_COMMAND}</code>
          <CopyButton text={JOIN_COMMAND} />
        </div>
        <p className="mt-3">
          Every change that anybody makes is listed under <TextLink href="/changes">Changes</TextLink>.
        </p>
      </Empty>
    </>
  )
}
