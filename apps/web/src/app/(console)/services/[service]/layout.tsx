// What the pages of one service share: its head and its tabs.
import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { KnownService } from '@/components/service/knownService'
import { ServiceHeader } from '@/components/service/serviceHeader'

interface Props {
  children: ReactNode
  params: Promise<{ service: string }>
}

export async function generateMetadata({ params }: Pick<Props, 'params'>): Promise<Metadata> {
  return { title: decodeURIComponent((await params).service) }
}

export default async function ServiceLayout({ children, params }: Readonly<Props>) {
  const service = decodeURIComponent((await params).service)
  return (
    <>
      <ServiceHeader service={service} />
      <KnownService service={service}>{children}</KnownService>
    </>
  )
}
