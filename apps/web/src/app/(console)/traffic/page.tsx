// Every split of the mesh.
import type { Metadata } from 'next'
import { TrafficList } from '@/components/traffic/trafficList'

export const metadata: Metadata = { title: 'Traffic' }

export default function Page() {
  return <TrafficList />
}
