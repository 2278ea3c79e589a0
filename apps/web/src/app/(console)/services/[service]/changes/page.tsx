// What was changed about a service.
import { ChangesPage } from '@/components/changes/changesPage'

export default async function Page({ params }: Readonly<{ params: Promise<{ service: string }> }>) {
  return <ChangesPage service={decodeURIComponent((await params).service)} />
}
