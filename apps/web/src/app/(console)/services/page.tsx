// All services.
import type { Metadata } from 'next'
import { ServicesPage } from '@/components/services/servicesPage'

export const metadata: Metadata = { title: 'Services' }

export default function Page() {
  return <ServicesPage />
}
