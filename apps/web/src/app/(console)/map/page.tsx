// The topology from real traffic.
import type { Metadata } from 'next'
import { MapPage } from '@/components/map/mapPage'

export const metadata: Metadata = { title: 'Map' }

export default function Page() {
  return <MapPage />
}
