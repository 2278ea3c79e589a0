// The routes of a service, worst first.
import { RoutesTab } from '@/components/service/routesTab'

export default async function Page({ params }: Readonly<{ params: Promise<{ service: string }> }>) {
  return <RoutesTab service={decodeURIComponent((await params).service)} />
}
