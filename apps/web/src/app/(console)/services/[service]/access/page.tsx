// The rules that target a service.
import { AccessPage } from '@/components/access/accessPage'

export default async function Page({ params }: Readonly<{ params: Promise<{ service: string }> }>) {
  return <AccessPage service={decodeURIComponent((await params).service)} />
}
