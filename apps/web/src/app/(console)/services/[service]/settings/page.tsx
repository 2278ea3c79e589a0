// The settings of a service.
import { ServiceSettings } from '@/components/service/serviceSettings'

export default async function Page({ params }: Readonly<{ params: Promise<{ service: string }> }>) {
  return <ServiceSettings service={decodeURIComponent((await params).service)} />
}
