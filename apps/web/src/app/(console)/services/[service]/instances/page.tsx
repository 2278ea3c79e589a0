// The instances of a service.
import { Instances } from '@/components/service/instances'

export default async function Page({ params }: Readonly<{ params: Promise<{ service: string }> }>) {
  return <Instances service={decodeURIComponent((await params).service)} />
}
