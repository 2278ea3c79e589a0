// The routes of a service and the split editor.
import { TrafficPage } from '@/components/traffic/trafficPage'

export default async function Page({ params }: Readonly<{ params: Promise<{ service: string }> }>) {
  return <TrafficPage service={decodeURIComponent((await params).service)} />
}
