// Every proxy and what it holds.
import type { Metadata } from 'next'
import { ProxiesPage } from '@/components/proxies/proxiesPage'

export const metadata: Metadata = { title: 'Proxies' }

export default function Page() {
  return <ProxiesPage />
}
