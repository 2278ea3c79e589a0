// A service at a glance.
import { Overview } from '@/components/service/overview'

export default async function Page({ params }: Readonly<{ params: Promise<{ service: string }> }>) {
  return <Overview service={decodeURIComponent((await params).service)} />
}
